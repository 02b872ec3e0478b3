/** Client bindings, generated from a module's definition. */
module dev.cloche.bindings {
    requires transitive dev.cloche.schema;

    exports dev.cloche.bindings;
}

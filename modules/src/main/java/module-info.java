/** Modules of the public ABI: their code, the functions that the host gives them, and calls into them. */
module dev.cloche.modules {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.values;
    requires transitive dev.cloche.schema;
    requires transitive dev.cloche.tables;
    requires transitive dev.cloche.wasm;

    exports dev.cloche.modules;
}

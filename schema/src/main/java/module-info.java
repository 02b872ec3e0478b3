/** What a database is made of: the definition of its module, checked and resolved, and plans to change it. */
module dev.cloche.schema {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.values;

    exports dev.cloche.schema;
}

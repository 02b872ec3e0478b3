/** Tables in memory with indexes, constraints and one writer, and the SQL that reads and watches them. */
module dev.cloche.tables {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.values;
    requires transitive dev.cloche.schema;

    exports dev.cloche.tables;
}

/** Live databases: modules, their transactions, the durable log, and the public client protocol. */
module dev.cloche.databases {
    requires transitive dev.cloche.kernel;
    requires dev.cloche.outbound;
    requires transitive dev.cloche.values;
    requires transitive dev.cloche.schema;
    requires transitive dev.cloche.tables;
    requires transitive dev.cloche.wasm;
    requires transitive dev.cloche.modules;
    requires transitive dev.cloche.storage;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.identity;
    requires transitive dev.cloche.workspaces;

    exports dev.cloche.databases;
}

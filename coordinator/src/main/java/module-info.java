/** Coordinating workers: registry, queue, links to nodes and tabs, and who runs a call. */
module dev.cloche.coordinator {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.workers;
    requires transitive dev.cloche.storage;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.identity;
    requires transitive dev.cloche.workspaces;
    requires dev.cloche.toolchains;

    exports dev.cloche.coordinator;
}

/** Published apps: deployments, their files, rollback, the way from a name to its origin. */
module dev.cloche.apps {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.identity;
    requires transitive dev.cloche.workspaces;
    requires transitive dev.cloche.packages;
    requires dev.cloche.storage;

    exports dev.cloche.apps;
}

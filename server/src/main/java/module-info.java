/** The composition root: reads the configuration, builds the parts, starts and stops them. */
module dev.cloche.server {
    requires dev.cloche.kernel;
    requires dev.cloche.http;
    requires dev.cloche.storage;
    requires dev.cloche.identity;
    requires dev.cloche.workspaces;
    requires dev.cloche.packages;
    requires dev.cloche.apps;
    requires dev.cloche.databases;
    requires dev.cloche.protocol;
    requires dev.cloche.coordinator;
}

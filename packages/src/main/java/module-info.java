/** Python packages for the tab: the caching proxy, the shelf of wheels, resolving and locking. */
module dev.cloche.packages {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.identity;
    requires transitive dev.cloche.workspaces;
    requires dev.cloche.storage;
    requires java.net.http;

    exports dev.cloche.packages;
}

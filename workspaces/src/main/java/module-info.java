/** Workspaces, their files and revisions, templates. */
module dev.cloche.workspaces {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.identity;
    requires transitive dev.cloche.storage;

    exports dev.cloche.workspaces;
}

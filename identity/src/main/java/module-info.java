/** People, sessions, tokens, projects and roles, the one policy, the audit log. */
module dev.cloche.identity {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.http;
    requires transitive dev.cloche.storage;
    requires org.bouncycastle.provider;

    exports dev.cloche.identity;
    // JSON is written from and read into the records of the routes
    opens dev.cloche.identity to com.fasterxml.jackson.databind;
}

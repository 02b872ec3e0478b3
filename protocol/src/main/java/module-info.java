/** The public protocol of live databases: WebSockets, tokens, and HTTP below /v1. */
module dev.cloche.protocol {
    requires transitive dev.cloche.databases;
    requires com.aayushatharva.brotli4j;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires org.jdbi.v3.core;

    exports dev.cloche.protocol;
}

/** The process that runs workers for whoever asks by HTTP, and for a coordinator. */
module dev.cloche.node {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.workers;
    requires dev.cloche.http;
    requires dev.cloche.wasm;
    requires io.netty.buffer;
    requires io.vertx.core;
    requires info.picocli;
    requires java.logging;

    exports dev.cloche.node;

    opens dev.cloche.node to info.picocli;
}

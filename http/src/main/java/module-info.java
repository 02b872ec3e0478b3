/** The HTTP server: routes, problem JSON, origins and security headers, static assets. */
module dev.cloche.http {
    requires transitive dev.cloche.kernel;
    requires transitive io.vertx.core;
    requires static org.snakeyaml.engine.v2;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;

    exports dev.cloche.http;
}

/** Requests to servers elsewhere, at an address that was looked up once and judged before. */
module dev.cloche.outbound {
    requires transitive dev.cloche.kernel;
    requires io.vertx.core;

    exports dev.cloche.outbound;
}

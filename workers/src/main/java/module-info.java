/** Workers: functions in WebAssembly that are called by name with bytes, run in this process. */
module dev.cloche.workers {
    requires transitive dev.cloche.kernel;
    requires transitive dev.cloche.wasm;
    requires dev.cloche.outbound;
    requires java.management;
    requires jdk.management;

    exports dev.cloche.workers;
}

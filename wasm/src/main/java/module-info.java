/** WebAssembly on the server: one interface, two engines. */
module dev.cloche.wasm {
    requires transitive dev.cloche.kernel;

    exports dev.cloche.wasm;
}

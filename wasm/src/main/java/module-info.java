/** WebAssembly on the server: one interface, two engines. */
module dev.cloche.wasm {
    requires transitive dev.cloche.kernel;
    requires run.endive.compiler;
    requires run.endive.runtime;
    requires run.endive.wasm;

    exports dev.cloche.wasm;
}

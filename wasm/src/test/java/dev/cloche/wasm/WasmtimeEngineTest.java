package dev.cloche.wasm;

class WasmtimeEngineTest extends EngineConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }
}

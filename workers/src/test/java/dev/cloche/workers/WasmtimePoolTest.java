package dev.cloche.workers;

import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;

class WasmtimePoolTest extends PoolConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }
}

package dev.cloche.workers;

import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;

class EndiveExampleVectorsTest extends ExampleVectorsConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.endive(settings);
    }
}

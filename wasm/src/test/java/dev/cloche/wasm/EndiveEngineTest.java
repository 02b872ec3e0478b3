package dev.cloche.wasm;

class EndiveEngineTest extends EngineConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.endive(settings);
    }
}

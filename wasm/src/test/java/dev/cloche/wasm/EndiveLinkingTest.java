package dev.cloche.wasm;

class EndiveLinkingTest extends LinkingConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.endive(settings);
    }
}

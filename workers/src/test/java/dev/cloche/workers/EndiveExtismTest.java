package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import org.junit.jupiter.api.Test;

class EndiveExtismTest extends ExtismConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.endive(settings);
    }

    @Test
    void aModuleWithVectorsIsRefused() {
        assertThatThrownBy(() -> worker(Plugins.bundle("hello_haskell"), WorkerSettings.DEFAULT)).isInstanceOf(Problem.class).hasMessageContaining("cannot be run");
    }
}

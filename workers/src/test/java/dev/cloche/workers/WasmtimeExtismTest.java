package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import org.junit.jupiter.api.Test;

class WasmtimeExtismTest extends ExtismConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }

    /** It uses vectors, which Endive does not know. */
    @Test
    void haskellGreets() {
        assertThat(call(session("hello_haskell"), "testing", "John")).isEqualTo("Hello, John");
        WorkerSession session = session(Plugins.bundle("hello_haskell", "\"config\":{\"greeting\":\"Howdy\"}"), WorkerSettings.DEFAULT);
        assertThat(call(session, "testing", "John")).isEqualTo("Howdy, John");
        assertThat(call(session, "testing", "B")).isEqualTo("Howdy, B");
    }
}

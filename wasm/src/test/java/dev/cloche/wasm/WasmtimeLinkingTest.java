package dev.cloche.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WasmtimeLinkingTest extends LinkingConformance {
    /** Endive 1.0.0 refuses such a call as one of another type. */
    @Test
    void functionsOfALibraryAreCalledThroughItsTable() {
        Instance instance = instance(List.of(library("lib", "(table (export \"t\") 4 funcref) (func $seven (result i32) (i32.const 77)) (elem (i32.const 0) $seven)")),
                "(type (func (param i32))) (import \"lib\" \"t\" (table 4 funcref)) (func (export \"go\") (result i32) (call_indirect (result i32) (i32.const 0)))");

        Call go = instance.call("go");
        go.run();

        assertThat(go.i32()).isEqualTo(77);
    }

    @Override
    Engine open(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }
}

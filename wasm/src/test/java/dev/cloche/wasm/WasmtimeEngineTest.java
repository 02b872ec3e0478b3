package dev.cloche.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasmtimeEngineTest extends EngineConformance {
    @Override
    Engine open(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }

    /** wasmtime copies silently where it cannot share: then an instance of the Python guest takes milliseconds and megabytes. */
    @Test
    void instancesShareTheContentOfTheCodeFileUntilTheyWrite(@TempDir Path cache) throws IOException {
        try (Engine engine = open(EngineSettings.of(Optional.of(Wat.LIBRARIES), Optional.of(cache)));
                CompiledModule module = engine.compile(Wat.module("(memory (export \"memory\") 160) (data (i32.const 65536) \"%s\")".formatted("x".repeat(500_000))));
                HostImports imports = engine.imports(List.of()); Template template = imports.link(module)) {
            assertThat(sharedMappings(cache)).isZero();
            try (Instance one = template.instantiate(Limits.DEFAULT, "none"); Instance two = template.instantiate(Limits.DEFAULT, "none")) {
                assertThat(sharedMappings(cache)).isEqualTo(2);
                assertThat(one.memory().mismatch(two.memory())).isEqualTo(-1);
            }
        }
    }

    private static long sharedMappings(Path cache) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(cache.toString()) && line.contains(" rw-p ")).count();
        }
    }
}

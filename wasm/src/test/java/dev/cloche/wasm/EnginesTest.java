package dev.cloche.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
    @TempDir Path folder;

    private static String opened(Optional<Path> libraries) {
        try (Engine engine = Engines.open(EngineSettings.of(libraries, Optional.empty()))) {
            return engine.name();
        }
    }

    @Test
    void wasmtimeIsTakenWhereItsLibraryIs() {
        assertThat(opened(Optional.of(Wat.LIBRARIES))).isEqualTo("wasmtime 50.0.1");
    }

    @Test
    void endiveIsTakenWhereThereIsNoLibrary() {
        assertThat(opened(Optional.empty())).isEqualTo("Endive 1.0.0");
        assertThat(opened(Optional.of(folder))).isEqualTo("Endive 1.0.0");
    }

    @Test
    void aFileThatIsNoLibraryOrAnotherOneIsNamed() throws IOException {
        Path file = Files.createDirectories(folder.resolve(Engines.platform())).resolve("libwasmtime.so");
        EngineSettings settings = EngineSettings.of(Optional.of(folder), Optional.empty());

        Files.writeString(file, "no library");
        assertThatIllegalArgumentException().isThrownBy(() -> Engines.wasmtime(settings)).withMessageContaining("libwasmtime.so");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of(System.getProperty("java.home"), "lib", "libjava.so"));
        assertThatIllegalArgumentException().isThrownBy(() -> Engines.wasmtime(settings)).withMessageContaining("not wasmtime 50.0.1");

        assertThat(opened(Optional.of(folder))).isEqualTo("Endive 1.0.0");
    }
}

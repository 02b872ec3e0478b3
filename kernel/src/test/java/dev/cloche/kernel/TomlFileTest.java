package dev.cloche.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlFileTest {
    @TempDir
    private Path folder;

    @Test
    void tablesListsAndValuesBecomeATree() throws IOException {
        String text = "a = 1\n\"b.c\" = \"\\\"x\\\"\"\nd.e = [true, 1.5, {f = 'g'}]\n[[h]]\nday = 2026-01-02\n";

        assertThat(TomlFile.read(file(text), "x.toml", 1000)).hasToString("{\"a\":1,\"b.c\":\"\\\"x\\\"\",\"d\":{\"e\":[true,1.5,{\"f\":\"g\"}]},\"h\":[{\"day\":\"2026-01-02\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a=", "a.", "[[", "[[a]]\n", "[a.", "a\n"})
    void piledUpPartsAreRefused(String part) throws IOException {
        Path file = file("x = " + part.repeat(60_000 / part.length()) + "\ny" + ".y".repeat(2000) + " = 1");

        assertThatThrownBy(() -> TomlFile.read(file, "x.toml", 100_000)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.fields().getFirst().field()).isEqualTo("x.toml");
            assertThat(problem.fields().getFirst().rule()).isEqualTo("syntax");
        });
    }

    @Test
    void dottedKeysAreNoDeeper() throws IOException {
        Path file = file("y" + ".y".repeat(20_000) + " = 1");

        assertThatThrownBy(() -> TomlFile.read(file, "x.toml", 100_000)).isInstanceOf(Problem.class).hasMessageContaining("in one another");
    }

    @Test
    void whatIsTooLargeOrNoTextIsRefused() throws IOException {
        Path large = file("x = 1 # " + "x".repeat(100));
        assertThatThrownBy(() -> TomlFile.read(large, "x.toml", 50)).isInstanceOf(Problem.class).hasMessageContaining("at most 50 bytes");

        Path bytes = Files.write(folder.resolve("y.toml"), "x = 'ä'".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TomlFile.read(bytes, "y.toml", 50)).isInstanceOf(Problem.class).hasMessageContaining("UTF-8");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("x.toml"), text);
    }
}

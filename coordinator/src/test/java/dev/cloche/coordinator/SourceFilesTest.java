package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFilesTest {
    @TempDir
    private Path folder;

    static byte[] zip(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void filesAreLaidOut() throws IOException {
        SourceFiles.unzipped(zip("src/one.c", "int x;", "worker.json", "{}", ".git/config", "hidden")).write(folder.resolve("made"));

        assertThat(folder.resolve("made/src/one.c")).hasContent("int x;");
        assertThat(Files.exists(folder.resolve("made/.git"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../one.c", "/etc/one.c", "a/../../one.c", "a//one.c", "-o.c", "@file", "a/-c.c", "one\n.c", "a\\..\\one.c"})
    void namesThatCouldLeadElsewhereAreRefused(String name) {
        assertThatThrownBy(() -> SourceFiles.unzipped(zip(name, "int x;")).write(folder.resolve("made"))).isInstanceOf(Problem.class);
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void whatUnpacksToTooMuchIsRefused() {
        assertThatThrownBy(() -> SourceFiles.unzipped(zip("one.c", "x".repeat(33 << 20)))).isInstanceOfSatisfying(Problem.class,
                problem -> assertThat(problem.fields().getFirst().rule()).isEqualTo("maxLength"));
        assertThatThrownBy(() -> SourceFiles.unzipped(new byte[] {1, 2, 3})).isInstanceOf(Problem.class);
    }
}

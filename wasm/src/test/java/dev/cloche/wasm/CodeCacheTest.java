package dev.cloche.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OnGuestThread.class)
class CodeCacheTest {
    private static final byte[] MODULE = Wat.module("(func (export \"go\") (result i32) (i32.const 7))");

    @TempDir Path folder;

    private Engine open() {
        return Engines.wasmtime(EngineSettings.of(Optional.of(Wat.LIBRARIES), Optional.of(folder)));
    }

    private static int result(Engine engine) {
        try (CompiledModule module = engine.compile(MODULE); HostImports imports = engine.imports(List.of());
                Template template = imports.link(module); Instance instance = template.instantiate(Limits.DEFAULT, "none")) {
            Call go = instance.call("go");
            go.run();
            return go.i32();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList();
        }
    }

    @Test
    void codeIsKeptForTheServerAlone() throws IOException {
        try (Engine engine = open()) {
            assertThat(result(engine)).isEqualTo(7);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        assertThat(files()).singleElement().satisfies(file -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThat(file.getFileName().toString()).contains("wasmtime-" + WasmtimeLibrary.VERSION);
        });
    }

    @Test
    void keptCodeIsTakenAgain() throws IOException {
        try (Engine engine = open()) {
            result(engine);
        }
        Path file = files().getFirst();
        Object inode = Files.getAttribute(file, "unix:ino");

        try (Engine engine = open()) {
            assertThat(result(engine)).isEqualTo(7);
        }

        assertThat(Files.getAttribute(files().getFirst(), "unix:ino")).isEqualTo(inode);
    }

    @Test
    void aDamagedFileIsMadeAnew() throws IOException {
        try (Engine engine = open()) {
            result(engine);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);

        for (int at : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
            try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
                writer.seek(at);
                writer.write(whole[at] ^ 0x55);
            }
            try (Engine engine = open()) {
                assertThat(result(engine)).isEqualTo(7);
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
        Files.write(file, new byte[0]);
        try (Engine engine = open()) {
            assertThat(result(engine)).isEqualTo(7);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void aWholeFileThatIsNoCodeIsMadeAnew() throws IOException {
        try (Engine engine = open()) {
            result(engine);
        }
        String key = files().getFirst().getFileName().toString().replaceFirst("\\.[0-9a-f]{8}\\.code$", "");
        Files.delete(files().getFirst());
        new CodeCache(folder, 1 << 20).put(key, ByteBuffer.wrap("another engine's code".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

        try (Engine engine = open()) {
            assertThat(result(engine)).isEqualTo(7);
        }

        assertThat(files()).singleElement().satisfies(file -> assertThat(Files.size(file)).isGreaterThan(100));
    }

    @Test
    void theFilesUsedLongestAgoGoFirst() throws IOException {
        CodeCache cache = new CodeCache(folder, 250);
        Path old = cache.put("a", ByteBuffer.allocate(100)).orElseThrow();
        Path recent = cache.put("b", ByteBuffer.allocate(100)).orElseThrow();
        Files.setLastModifiedTime(old, FileTime.fromMillis(1000));
        Files.setLastModifiedTime(recent, FileTime.fromMillis(2000));

        cache.put("c", ByteBuffer.allocate(100));

        assertThat(cache.find("a")).isEmpty();
        assertThat(cache.find("b")).contains(recent);
        assertThat(cache.find("c")).isPresent();
    }

    @Test
    void whatAKilledServerLeftIsRemovedButNothingThatIsBeingWritten() throws IOException {
        Files.writeString(folder.resolve(".partial-1"), "half");
        Files.setLastModifiedTime(folder.resolve(".partial-1"), java.nio.file.attribute.FileTime.fromMillis(0));
        Files.writeString(folder.resolve(".partial-2"), "being written by another process");

        new CodeCache(folder, 1000);

        assertThat(files()).containsExactly(folder.resolve(".partial-2"));
    }
}

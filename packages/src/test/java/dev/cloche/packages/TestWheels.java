package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes small real wheels, and shelves of them. */
final class TestWheels {
    private TestWheels() {}

    record Made(String file, byte[] bytes, List<String> requires) {
        Digest digest() {
            return Digest.of(bytes);
        }
    }

    static Made pure(String name, String version, String... requires) {
        return tagged(name, version, "py3-none-any", requires);
    }

    static Made tagged(String name, String version, String tag, String... requires) {
        StringBuilder metadata = new StringBuilder("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\nSummary: The package " + name + "\n");
        for (String requirement : requires) {
            metadata.append("Requires-Dist: ").append(requirement).append('\n');
        }
        String plain = name.replace('-', '_');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, plain + "/__init__.py", "");
            put(zip, plain + "-" + version + ".dist-info/METADATA", metadata + "\nThe long description\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Made(plain + "-" + version + "-" + tag + ".whl", bytes.toByteArray(), List.of(requires));
    }

    static void shelf(Path folder, Made... wheels) throws IOException {
        Files.createDirectories(folder);
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Made wheel : wheels) {
            Files.write(folder.resolve(wheel.file()), wheel.bytes());
            WheelFile name = WheelFile.parse(wheel.file()).orElseThrow();
            entries.add(Map.of("name", name.name().value(), "version", name.version().toString(), "file", wheel.file(),
                    "sha256", wheel.digest().hex(), "size", wheel.bytes().length, "origin", name.name().value().equals("cloche") ? "own" : "built", "requires", wheel.requires(),
                    "requiresPython", "", "imports", List.of(name.name().value().replace('-', '_')), "licence", "MIT"));
        }
        Files.write(folder.resolve("shelf.lock.json"), Json.bytes(Map.of("format", 1, "wheels", entries)));
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}

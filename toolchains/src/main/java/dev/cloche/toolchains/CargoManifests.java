package dev.cloche.toolchains;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.TomlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/** What the Cargo.toml files of foreign sources may ask for: crates of the machine's registry, and folders among the sources. */
final class CargoManifests {
    private static final String FILE = "Cargo.toml";
    private static final long LARGEST = 1 << 16;
    private static final Set<String> DEPENDENCIES = Set.of("dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies", "replace");
    private static final Set<String> ELSEWHERE = Set.of("git", "registry", "registry-index", "registry_index");

    private final Path folder;

    private CargoManifests(Path folder) {
        this.folder = folder;
    }

    /** Reads all of a folder; throws {@link Problem} that names the dependency and the rule. */
    static void check(Path folder) {
        CargoManifests manifests = new CargoManifests(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.endsWith(FILE)).sorted().forEach(manifests::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path file) {
        try {
            JsonNode manifest = TomlFile.read(file, folder.relativize(file).toString(), LARGEST);
            dependencies(manifest, file);
            dependencies(manifest.path("workspace"), file);
            manifest.path("target").forEach(target -> dependencies(target, file));
            manifest.path("patch").forEach(source -> list(source, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dependencies(JsonNode table, Path file) {
        DEPENDENCIES.forEach(key -> list(table.path(key), file));
    }

    private void list(JsonNode list, Path file) {
        list.properties().forEach(one -> check(one.getKey(), one.getValue(), file));
    }

    private void check(String name, JsonNode dependency, Path file) {
        String manifest = folder.relativize(file).toString();
        for (String key : ELSEWHERE) {
            if (dependency.has(key)) {
                throw Problem.field(manifest, "source", "The crate '" + name + "' in " + manifest + " is to come from elsewhere ('" + key
                        + "'). Here crates come from the server's registry, or lie in the folder.");
            }
        }
        String path = dependency.path("path").asText(".");
        if (path.indexOf('\0') >= 0 || !file.resolveSibling(path).normalize().startsWith(folder)) {
            throw Problem.field(manifest, "source", "The crate '" + name + "' in " + manifest + " is to come from '" + path + "', which is not in the worker's folder.");
        }
    }
}

package dev.cloche.toolchains;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with a worker's sources.
 *
 * @param folder it
 * @param language what they are written in
 * @param manifest the bytes of {@code worker.json}, or one made from the folder's name
 * @param modules what is to be built, in the manifest's order
 */
record WorkerSource(Path folder, Language language, byte[] manifest, List<Part> modules) {
    private static final int LARGEST_MANIFEST = 1 << 20;
    private static final int MOST_SOURCES = 500;
    private static final String C_FILE = ".*\\.(c|cc|cpp|cxx)";

    /**
     * One module.
     *
     * @param path where it goes in the bundle
     * @param simd where its build with vectors goes
     * @param sources its files, for C and C++ only
     */
    record Part(String path, Optional<String> simd, List<Path> sources) {
        /** The path without its suffix. */
        String name() {
            return path.replaceFirst("\\.wasm$", "");
        }
    }

    /** Of a folder with sources. */
    static WorkerSource read(Path folder) {
        refuseMissing(folder);
        Language language = language(folder);
        return read(folder, language, language == Language.C);
    }

    /** Of a folder whose modules are there already, whatever they were made of. */
    static WorkerSource built(Path folder) {
        refuseMissing(folder);
        return read(folder, Language.C, false);
    }

    private static void refuseMissing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Problem.field("folder", "exists", "There is no folder " + folder + ".");
        }
    }

    private static WorkerSource read(Path folder, Language language, boolean fromC) {
        Path file = folder.resolve("worker.json");
        byte[] manifest = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? bytes(file) : plain(folder);
        List<Part> modules = new ArrayList<>();
        JsonNode list = Json.tree(manifest).path("wasm");
        if (!list.isArray() || list.isEmpty() || list.size() > 16) {
            throw Problem.field("wasm", "required", "'wasm' in worker.json must be a list of 1 to 16 modules.");
        }
        for (int i = 0; i < list.size(); i++) {
            modules.add(part(folder, fromC, list.get(i), i, i == list.size() - 1));
        }
        return new WorkerSource(folder, language, manifest, modules);
    }

    private static Part part(Path folder, boolean fromC, JsonNode entry, int index, boolean main) {
        String path = entry.path("path").asText();
        if (!path.matches("[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){0,5}") || !folder.resolve(path).normalize().startsWith(folder.normalize())) {
            throw Problem.field("wasm[" + index + "].path", "pattern", "'wasm[" + index + "].path' must be the path of a file in the folder.");
        }
        Part part = new Part(path, Optional.ofNullable(entry.get("simd")).map(JsonNode::asText), List.of());
        if (!fromC) {
            return part;
        }
        Path own = folder.resolve(part.name());
        List<Path> sources = Files.isDirectory(own) ? sources(own) : main ? sources(folder) : List.of();
        if (sources.isEmpty() && !Files.isRegularFile(folder.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            throw Problem.field("wasm[" + index + "].path", "exists", main ? "The folder has no C or C++ files."
                    : "There is neither a folder '" + part.name() + "' with C or C++ files nor a built module '" + path + "'.");
        }
        return new Part(part.path(), part.simd(), sources);
    }

    private static Language language(Path folder) {
        List<Language> found = new ArrayList<>();
        if (Files.isRegularFile(folder.resolve("Cargo.toml"))) {
            found.add(Language.RUST);
        }
        if (Files.isRegularFile(folder.resolve("assembly/index.ts")) || Files.isRegularFile(folder.resolve("asconfig.json"))) {
            found.add(Language.ASSEMBLYSCRIPT);
        }
        if (found.isEmpty()) {
            found.add(Language.C);
        }
        if (found.size() > 1) {
            throw Problem.field("folder", "language", "The folder has a Cargo.toml and an AssemblyScript program; a worker is built from one of them.");
        }
        if (found.getFirst() == Language.C && sources(folder).isEmpty()) {
            throw Problem.field("folder", "language", "The folder has nothing to build: no *.c, *.cc, *.cpp or *.cxx in it or in src, no asconfig.json or assembly/index.ts, no Cargo.toml.");
        }
        return found.getFirst();
    }

    /** The C and C++ files of a folder and of its {@code src}, sorted; links are left out. */
    private static List<Path> sources(Path folder) {
        List<Path> sources = new ArrayList<>();
        for (Path place : List.of(folder, folder.resolve("src"))) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> files = Files.list(place)) {
                sources.addAll(files.filter(file -> file.getFileName().toString().matches(C_FILE) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (sources.size() > MOST_SOURCES) {
            throw Problem.field("folder", "maxItems", "A module is built from at most " + MOST_SOURCES + " files.");
        }
        return sources;
    }

    private static byte[] plain(Path folder) {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName()).replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        name = name.isEmpty() ? "worker" : name.substring(0, Math.min(name.length(), 60));
        ObjectNode manifest = JsonNodeFactory.instance.objectNode().put("name", name);
        manifest.putArray("wasm").addObject().put("path", name + ".wasm").put("simd", name + ".simd.wasm");
        return Json.bytes(manifest);
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST_MANIFEST) {
                throw Problem.field("worker.json", "maxLength", "worker.json has at most " + LARGEST_MANIFEST + " bytes.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

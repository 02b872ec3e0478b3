package dev.cloche.packages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.packages.Requirement.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The wheels that come with the installation, described by {@code shelf.lock.json} in their folder. Read once at the
 * start; wheels that the lock names but the folder lacks are left out. Safe for use by several threads.
 */
final class Shelf {
    private static final System.Logger LOG = System.getLogger(Shelf.class.getName());

    private final Map<ProjectName, List<Entry>> byProject = new HashMap<>();
    private final Map<Digest, Entry> byDigest = new HashMap<>();
    private final Map<String, ProjectName> byImport = new HashMap<>();
    private final Set<ProjectName> own = new HashSet<>();

    /**
     * A wheel of the shelf.
     *
     * @param file as the index would name it
     * @param metadata what it says of itself
     * @param imports the import names that it provides
     * @param path where it lies
     */
    record Entry(IndexFile file, CoreMetadata metadata, List<String> imports, Path path) {
        /** Copies the list. */
        Entry {
            imports = List.copyOf(imports);
        }
    }

    private Shelf() {}

    /** The shelf in this folder; a folder without a lock is an empty shelf. */
    static Shelf open(Path folder) {
        Shelf shelf = new Shelf();
        Path lock = folder.resolve("shelf.lock.json");
        if (!Files.isRegularFile(lock)) {
            LOG.log(System.Logger.Level.WARNING, "event=shelf-empty folder={0}", folder);
            return shelf;
        }
        try {
            for (JsonNode wheel : Json.tree(Files.readAllBytes(lock)).path("wheels")) {
                shelf.add(wheel, folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the shelf's lock cannot be read: " + lock, e);
        } catch (Problem | CoreMetadata.Broken | Refused | IllegalArgumentException e) {
            throw new IllegalStateException("the shelf's lock is damaged: " + lock + ": " + e.getMessage(), e);
        }
        shelf.byProject.values().forEach(list -> list.sort(
                Comparator.comparing((Entry e) -> e.metadata().version()).reversed().thenComparing(e -> e.file().file())));
        return shelf;
    }

    private void add(JsonNode wheel, Path folder) throws IOException, CoreMetadata.Broken, Refused {
        WheelFile name = WheelFile.parse(wheel.path("file").asText())
                .orElseThrow(() -> new CoreMetadata.Broken("'" + wheel.path("file").asText() + "' is not the name of a wheel"));
        Path path = folder.resolve(name.file());
        long size = wheel.path("size").asLong();
        if (!Files.isRegularFile(path) || Files.size(path) != size) {
            LOG.log(System.Logger.Level.WARNING, "event=shelf-wheel-missing file={0}", name.file());
            return;
        }
        List<Requirement> requires = new ArrayList<>();
        for (JsonNode text : wheel.path("requires")) {
            requires.add(Requirement.parse(text.asText()));
        }
        List<String> imports = new ArrayList<>();
        wheel.path("imports").forEach(i -> imports.add(i.asText()));
        String python = wheel.path("requiresPython").asText("");
        CoreMetadata metadata = new CoreMetadata(name.name(), name.version(), "", requires,
                python.isBlank() ? Optional.empty() : VersionSpecifier.parse(python));
        Digest digest = new Digest(wheel.path("sha256").asText());
        IndexFile file = new IndexFile(name.file(), digest, Optional.empty(), Optional.of(size),
                python.isBlank() ? Optional.empty() : Optional.of(python), Optional.empty(),
                Optional.of(new IndexFile.MetadataFile(Optional.empty())));
        Entry entry = new Entry(file, metadata, imports, path);
        byProject.computeIfAbsent(name.name(), n -> new ArrayList<>()).add(entry);
        byDigest.put(digest, entry);
        imports.forEach(i -> byImport.putIfAbsent(i, name.name()));
        if (wheel.path("origin").asText().equals("own")) {
            own.add(name.name());
        }
    }

    /** The project's wheels, newest first. */
    List<Entry> entries(ProjectName project) {
        return List.copyOf(byProject.getOrDefault(project, List.of()));
    }

    /** The wheel of this digest. */
    Optional<Entry> entry(Digest digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }

    /** The project that provides this import name. */
    Optional<ProjectName> provider(String module) {
        return Optional.ofNullable(byImport.get(module));
    }

    /** Whether the project is a part of this product: what an index has under that name is a stranger's. */
    boolean isOwn(ProjectName project) {
        return own.contains(project);
    }

    /** All projects, by name. */
    List<ProjectName> projects() {
        return byProject.keySet().stream().sorted().toList();
    }
}

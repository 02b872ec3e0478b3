package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A package source in memory, written down as {@code name version: requirement, requirement}. */
final class FakeIndex implements PackageSource {
    private final Map<ProjectName, List<IndexFile>> files = new HashMap<>();
    private final Map<ProjectName, List<IndexFile>> shelf = new HashMap<>();
    private final Map<Digest, CoreMetadata> metadata = new HashMap<>();
    boolean reachable = true;
    int lookups;
    int metadataReads;

    /** Adds pure wheels; each line {@code name version: requires, ...} with requirements separated by commas and spaces. */
    FakeIndex with(String... lines) {
        for (String line : lines) {
            add(files, line, "py3-none-any", Optional.empty(), Optional.empty());
        }
        return this;
    }

    FakeIndex onShelf(String... lines) {
        for (String line : lines) {
            add(shelf, line, "py3-none-any", Optional.empty(), Optional.empty());
        }
        return this;
    }

    FakeIndex tagged(String line, String tag) {
        add(files, line, tag, Optional.empty(), Optional.empty());
        return this;
    }

    FakeIndex forPython(String line, String python) {
        add(files, line, "py3-none-any", Optional.of(python), Optional.empty());
        return this;
    }

    FakeIndex yanked(String line, String why) {
        add(files, line, "py3-none-any", Optional.empty(), Optional.of(why));
        return this;
    }

    FakeIndex source(String name, String version) {
        ProjectName project = new ProjectName(name);
        files.computeIfAbsent(project, p -> new ArrayList<>())
                .add(IndexFile.local(name + "-" + version + ".tar.gz", Digest.of((name + version).getBytes(StandardCharsets.UTF_8)), 1));
        return this;
    }

    private void add(Map<ProjectName, List<IndexFile>> where, String line, String tag, Optional<String> python, Optional<String> yanked) {
        String[] parts = line.split(":", 2);
        String[] head = parts[0].strip().split(" ");
        ProjectName project = new ProjectName(head[0]);
        String file = head[0].replace('-', '_') + "-" + head[1] + "-" + tag + ".whl";
        Digest digest = Digest.of((file + where.hashCode()).getBytes(StandardCharsets.UTF_8));
        List<Requirement> requires = new ArrayList<>();
        for (String text : parts.length == 1 ? new String[0] : parts[1].split(", ")) {
            requires.add(requirement(text.strip()));
        }
        where.computeIfAbsent(project, p -> new ArrayList<>())
                .add(new IndexFile(file, digest, Optional.empty(), Optional.of(1L), python, yanked, Optional.empty()));
        metadata.put(digest, new CoreMetadata(project, Version.of(head[1]), "", requires, Optional.empty()));
    }

    static Requirement requirement(String text) {
        try {
            return Requirement.parse(text);
        } catch (Requirement.Refused e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    public List<IndexFile> shelf(ProjectName project) {
        return shelf.getOrDefault(project, List.of());
    }

    @Override
    public Lookup index(ProjectName project) {
        lookups++;
        if (!reachable) {
            return new Lookup.Unreachable("the index cannot be reached");
        }
        return files.containsKey(project) ? new Lookup.Found(files.get(project)) : new Lookup.Unknown();
    }

    @Override
    public CoreMetadata metadata(IndexFile wheel) {
        metadataReads++;
        return metadata.get(wheel.sha256());
    }
}

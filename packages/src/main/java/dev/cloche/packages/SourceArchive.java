package dev.cloche.packages;

import java.util.List;
import java.util.Optional;

/**
 * What the name of a source archive says, as {@code flask-3.1.0.tar.gz}.
 *
 * @param name the package
 * @param version its version
 */
record SourceArchive(ProjectName name, Version version) {
    private static final List<String> ENDINGS = List.of(".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz");

    /** The archive of this name, given its project: old names have hyphens that only the project's name explains. */
    static Optional<SourceArchive> parse(String file, ProjectName project) {
        return splits(file).stream().filter(s -> s.name.equals(project)).findFirst();
    }

    /** All ways to read the name, the one with the longest project name first. */
    static List<SourceArchive> splits(String file) {
        Optional<String> ending = ENDINGS.stream().filter(file::endsWith).findFirst();
        if (ending.isEmpty() || file.length() > 300) {
            return List.of();
        }
        String stem = file.substring(0, file.length() - ending.get().length());
        List<SourceArchive> all = new java.util.ArrayList<>();
        for (int dash = stem.lastIndexOf('-'); dash > 0; dash = stem.lastIndexOf('-', dash - 1)) {
            Optional<ProjectName> name = ProjectName.parse(stem.substring(0, dash));
            Optional<Version> version = Version.parse(stem.substring(dash + 1));
            if (name.isPresent() && version.isPresent()) {
                all.add(new SourceArchive(name.get(), version.get()));
            }
        }
        return all;
    }
}

package dev.cloche.packages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The versions of one project that the tab could load, and why it cannot load the others. Immutable.
 *
 * @param usable for each version with a wheel for the tab the best one, newest version first
 * @param unusable for each other version what is in the way
 * @param onlyPreReleases whether the project has no final version at all
 */
record Candidates(List<Candidate> usable, Map<Version, Obstacle> unusable, boolean onlyPreReleases) {
    /** A version with its wheel. */
    record Candidate(ProjectName project, Version version, IndexFile wheel, boolean onShelf) {
        /** Whether it was withdrawn. */
        boolean yanked() {
            return wheel.yanked().isPresent();
        }
    }

    /** What is in the way of a version. */
    sealed interface Obstacle {
        /** It needs another Python. */
        record Python(String required) implements Obstacle {}

        /** There is no wheel for the tab; {@code platforms} names those that have one, {@code source} says if only source exists. */
        record NoWheel(TreeSet<String> platforms) implements Obstacle {}
    }

    /** Copies both. */
    Candidates {
        usable = List.copyOf(usable);
        unusable = Map.copyOf(unusable);
    }

    /** Sorts the files of a project; of equal files those that come first are taken. */
    static Candidates of(ProjectName project, List<IndexFile> files, boolean onShelf, TabEnvironment environment, TabTags tags) {
        Map<Version, List<IndexFile>> byVersion = new TreeMap<>(Comparator.reverseOrder());
        for (IndexFile file : files) {
            file.version(project).ifPresent(v -> byVersion.computeIfAbsent(v, k -> new ArrayList<>()).add(file));
        }
        List<Candidate> usable = new ArrayList<>();
        Map<Version, Obstacle> unusable = new HashMap<>();
        byVersion.forEach((version, all) -> {
            List<IndexFile> fitting = all.stream().filter(f -> runsOn(f, environment)).toList();
            Optional<IndexFile> best = best(fitting, tags);
            if (best.isPresent()) {
                usable.add(new Candidate(project, version, best.get(), onShelf));
            } else if (best(all, tags).isPresent() || fitting.isEmpty()) {
                unusable.put(version, new Obstacle.Python(all.getFirst().requiresPython().orElse("")));
            } else {
                unusable.put(version, new Obstacle.NoWheel(platforms(all)));
            }
        });
        boolean onlyPreReleases = byVersion.keySet().stream().allMatch(Version::isPreRelease);
        return new Candidates(usable, unusable, onlyPreReleases);
    }

    /** All versions that exist, newest first. */
    List<Version> versions() {
        List<Version> all = new ArrayList<>(unusable.keySet());
        usable.forEach(c -> all.add(c.version()));
        all.sort(Comparator.reverseOrder());
        return all;
    }

    private static boolean runsOn(IndexFile file, TabEnvironment environment) {
        // A condition that nobody can read is no obstacle; the metadata is asked again later.
        return file.requiresPython().flatMap(VersionSpecifier::parse).map(s -> s.contains(environment.version())).orElse(true);
    }

    private static Optional<IndexFile> best(List<IndexFile> files, TabTags tags) {
        record Ranked(IndexFile file, int rank, long build) {}
        List<Ranked> ranked = new ArrayList<>();
        for (IndexFile file : files) {
            file.wheel().ifPresent(wheel -> {
                OptionalInt rank = tags.rank(wheel);
                if (rank.isPresent()) {
                    ranked.add(new Ranked(file, rank.getAsInt(), wheel.build()));
                }
            });
        }
        return ranked.stream()
                .min(Comparator.comparing((Ranked r) -> r.file().yanked().isPresent())
                        .thenComparingInt(Ranked::rank)
                        .thenComparing(Ranked::build, Comparator.reverseOrder()))
                .map(Ranked::file);
    }

    private static TreeSet<String> platforms(List<IndexFile> files) {
        TreeSet<String> all = new TreeSet<>();
        for (IndexFile file : files) {
            file.wheel().ifPresent(wheel -> wheel.platforms().forEach(p -> all.add(platform(p))));
        }
        return all;
    }

    private static String platform(String tag) {
        if (tag.contains("linux")) {
            return "Linux";
        }
        if (tag.startsWith("macosx")) {
            return "macOS";
        }
        if (tag.startsWith("win")) {
            return "Windows";
        }
        if (tag.startsWith("android")) {
            return "Android";
        }
        if (tag.startsWith("ios")) {
            return "iOS";
        }
        return tag.contains("emscripten") || tag.startsWith("pyodide") ? "other versions of the tab's engine" : "other Pythons";
    }
}

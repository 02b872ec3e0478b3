package dev.cloche.packages;

import dev.cloche.packages.Candidates.Obstacle;
import dev.cloche.packages.Search.Need;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says in words why a search found no answer. Used once. */
final class Explanation {
    private static final int MOST_REASONS = 10;

    private final Resolver.Catalogue catalogue;
    private final Search search;
    private final TabEnvironment environment;

    Explanation(Resolver.Catalogue catalogue, Search search, TabEnvironment environment) {
        this.catalogue = catalogue;
        this.search = search;
        this.environment = environment;
    }

    /** The reasons, the most telling first; at least one. */
    List<Reason> reasons(List<Requirement> wanted) {
        Map<ProjectName, Reason> found = new LinkedHashMap<>();
        search.deadEnds().forEach((project, needs) -> obstacle(project, needs).ifPresent(r -> found.putIfAbsent(project, r)));
        // The search ends at the first hopeless package; a person wants to hear of all that were asked for.
        for (Requirement requirement : wanted) {
            if (!found.containsKey(requirement.name()) && found.size() < MOST_REASONS) {
                obstacle(requirement.name(), List.of(new Need(requirement, Set.of(), "")))
                        .ifPresent(r -> found.put(requirement.name(), r));
            }
        }
        List<Reason> all = new ArrayList<>(found.values());
        if (all.isEmpty()) {
            search.clashes().stream().limit(3).forEach(text -> all.add(conflict(text)));
        }
        if (all.isEmpty()) {
            all.add(conflict("The packages asked for do not go together in any version."));
        }
        return all.subList(0, Math.min(all.size(), MOST_REASONS));
    }

    private Reason conflict(String message) {
        String project = message.contains(" ") ? message.substring(0, message.indexOf(' ')) : "";
        return new Reason(project, Reason.Cause.CONFLICT, message,
                Optional.of("Ask for other versions of one of the two, or leave one out."));
    }

    /** What is in the way of one package, if it is its own matter and not a clash with others. */
    private Optional<Reason> obstacle(ProjectName project, List<Need> needs) {
        Candidates all = catalogue.all(project);
        if (all.versions().isEmpty()) {
            return Optional.of(missing(project, needs));
        }
        List<Version> fitting = all.versions().stream().filter(v -> needs.stream().allMatch(n -> fits(n, v))).toList();
        if (fitting.isEmpty()) {
            return Optional.of(noVersion(project, needs, all));
        }
        List<Candidates.Candidate> usable = all.usable().stream().filter(c -> fitting.contains(c.version())).toList();
        if (usable.isEmpty()) {
            return Optional.of(unusable(project, needs, all, fitting));
        }
        String broken = search.damaged().get(project);
        if (broken != null) {
            return Optional.of(new Reason(project.value(), Reason.Cause.DAMAGED, broken, Optional.of("Ask for another version of it.")));
        }
        if (usable.stream().allMatch(Candidates.Candidate::yanked)) {
            String why = usable.getFirst().wheel().yanked().filter(y -> !y.isBlank()).map(y -> " (" + y + ")").orElse("");
            return Optional.of(new Reason(project.value(), Reason.Cause.NO_VERSION,
                    "Each version of " + project + " that fits was withdrawn by its authors" + why + ".",
                    Optional.of("If you need it all the same, ask for " + project + "==" + usable.getFirst().version() + ".")));
        }
        return Optional.empty();
    }

    private Reason missing(ProjectName project, List<Need> needs) {
        if (catalogue.lookup(project) instanceof PackageSource.Lookup.Unreachable(String why)) {
            return new Reason(project.value(), Reason.Cause.UPSTREAM, why,
                    Optional.of("It is not on the shelf of this server, so the package index has to be reached."));
        }
        return new Reason(project.value(), Reason.Cause.UNKNOWN_PACKAGE,
                "There is no package '" + project + "'" + neededBy(needs) + ".",
                ImportNames.packageFor(project.value()).filter(p -> !p.equals(project.value()))
                        .map(p -> "Perhaps you mean " + p + ", which provides 'import " + project + "'."));
    }

    private Reason noVersion(ProjectName project, List<Need> needs, Candidates all) {
        for (Need need : needs) {
            if (all.versions().stream().noneMatch(v -> fits(need, v))) {
                return new Reason(project.value(), Reason.Cause.NO_VERSION,
                        "No version of " + project + " is " + need.requirement().specifier() + neededBy(List.of(need))
                                + "; the newest is " + newest(all) + ".",
                        Optional.of("Ask for a version that exists."));
            }
        }
        String pair = needs.stream()
                .filter(n -> !n.requirement().specifier().clauses().isEmpty())
                .map(n -> (n.by().isEmpty() ? "you asked for " : n.by() + " needs ") + n.requirement())
                .distinct()
                .collect(Collectors.joining(", "));
        return new Reason(project.value(), Reason.Cause.CONFLICT, "No version of " + project + " fits all: " + pair + ".",
                Optional.of("Ask for other versions of what needs it, or leave one out."));
    }

    private Reason unusable(ProjectName project, List<Need> needs, Candidates all, List<Version> fitting) {
        TreeSet<String> platforms = new TreeSet<>();
        TreeSet<String> pythons = new TreeSet<>();
        for (Version version : fitting) {
            switch (all.unusable().get(version)) {
                case Obstacle.NoWheel(TreeSet<String> some) -> platforms.addAll(some);
                case Obstacle.Python(String required) -> pythons.add(required);
                case null -> {
                    // usable, so it is not in the way
                }
            }
        }
        boolean anyWithoutWheel = fitting.stream().anyMatch(v -> all.unusable().get(v) instanceof Obstacle.NoWheel);
        if (!anyWithoutWheel) {
            return new Reason(project.value(), Reason.Cause.PYTHON_VERSION,
                    project + neededBy(needs) + " runs on Python " + String.join(" or ", pythons) + ", but the tab has "
                            + environment.python() + ".",
                    Optional.of("Look for a version that supports Python " + environment.python() + ", or use the server placement."));
        }
        String newestVersion = project + " " + fitting.stream().filter(v -> !v.isPreRelease()).findFirst().orElse(fitting.getFirst());
        String has = platforms.isEmpty()
                ? "comes as source only, which the tab cannot build"
                : "has compiled wheels for " + String.join(", ", platforms) + " only";
        Optional<Version> other = all.usable().stream().map(Candidates.Candidate::version).findFirst();
        if (other.isPresent()) {
            return new Reason(project.value(), Reason.Cause.NO_WHEEL, newestVersion + neededBy(needs) + " " + has
                    + "; the tab can have " + project + " " + other.get() + ".",
                    Optional.of("Ask for " + project + "==" + other.get() + "."));
        }
        return new Reason(project.value(), Reason.Cause.NO_WHEEL, newestVersion + neededBy(needs) + " " + has + ".",
                Optional.of("It needs a wheel for the tab: run the code on the server, use a package in pure Python instead, or have"
                        + " the administrator build it into the shelf."));
    }

    private static String newest(Candidates all) {
        return all.versions().stream().filter(v -> !v.isPreRelease()).findFirst().orElse(all.versions().getFirst()).toString();
    }

    private static boolean fits(Need need, Version version) {
        return need.requirement().specifier().contains(version);
    }

    private static String neededBy(List<Need> needs) {
        String names = needs.stream().map(Need::by).filter(b -> !b.isEmpty()).distinct().limit(3).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : ", which " + names + (names.contains(", ") ? " need," : " needs,");
    }
}

package dev.cloche.packages;

import dev.cloche.packages.Resolution.Chosen;
import dev.cloche.packages.Resolution.Resolved;
import dev.cloche.packages.Resolution.Unresolvable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds one wheel for each package that requirements need, all fitting each other and the tab. The same input gives the
 * same answer. Safe for use by several threads; each call works on its own.
 *
 * <p>Order of preference for a package: the wheel of the present lock, the shelf's versions, the index's versions, each
 * newest first; with {@code upgrade} simply the newest. The index is only asked when neither lock nor shelf will do, so
 * what the shelf has works without a network.
 *
 * <p>The search is complete but for two bounds: its {@link Limits}, and that of a package whose newest versions all need
 * something that the tab can never have, only eight versions are tried.
 */
final class Resolver {
    private final PackageSource source;
    private final TabEnvironment environment;
    private final TabTags tags;
    private final Limits limits;

    /**
     * How much work one call may do.
     *
     * @param time as long as this
     * @param steps so many candidates looked at
     */
    record Limits(Duration time, int steps) {
        /** 60 seconds, 20,000 candidates. */
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(60), 20_000);
        /** 10 seconds, 2,000 candidates: for a glance while a person types. */
        static final Limits QUICK = new Limits(Duration.ofSeconds(10), 2_000);
    }

    /**
     * What is wanted.
     *
     * @param requirements all of these
     * @param locked wheels of the present lock that are at hand, by package
     * @param upgrade take the newest versions rather than those of lock and shelf
     */
    record Question(List<Requirement> requirements, Map<ProjectName, IndexFile> locked, boolean upgrade) {
        /** Copies both. */
        Question {
            requirements = List.copyOf(requirements);
            locked = Map.copyOf(locked);
        }
    }

    /** A resolver over this source for this engine. */
    Resolver(PackageSource source, TabEnvironment environment, Limits limits) {
        this.source = source;
        this.environment = environment;
        this.tags = new TabTags(environment);
        this.limits = limits;
    }

    /** The wheels, or why there are none. */
    Resolution resolve(Question question) {
        Catalogue catalogue = new Catalogue(source, environment, tags, question);
        List<Reason> builtIn = builtIn(question.requirements());
        if (!builtIn.isEmpty()) {
            return new Unresolvable(builtIn);
        }
        List<Requirement> wanted = question.requirements().stream().filter(r -> r.holds(environment, Set.of())).toList();
        Search search = new Search(catalogue, environment, limits, System.nanoTime() + limits.time().toNanos());
        try {
            Optional<Map<ProjectName, Search.Pick>> found = search.run(wanted);
            if (found.isPresent()) {
                return new Resolved(ordered(found.get(), wanted));
            }
            return new Unresolvable(new Explanation(catalogue, search, environment).reasons(wanted));
        } catch (Search.GaveUp e) {
            return new Unresolvable(List.of(e.reason()));
        }
    }

    private List<Reason> builtIn(List<Requirement> requirements) {
        List<Reason> reasons = new ArrayList<>();
        for (Requirement requirement : requirements) {
            String name = requirement.name().value();
            if (source.shelf(requirement.name()).isEmpty()) {
                StandardLibrary.about(name).ifPresent(text ->
                        reasons.add(new Reason(name, Reason.Cause.UNKNOWN_PACKAGE, text, Optional.empty())));
            }
        }
        return reasons;
    }

    private List<Chosen> ordered(Map<ProjectName, Search.Pick> picks, List<Requirement> wanted) {
        Map<ProjectName, List<ProjectName>> needs = new TreeMap<>();
        picks.forEach((project, pick) -> needs.put(project, pick.needs().stream().filter(picks::containsKey).sorted().toList()));
        List<Chosen> ordered = new ArrayList<>();
        Set<ProjectName> seen = new HashSet<>();
        wanted.stream().map(Requirement::name).sorted().forEach(name -> visit(name, needs, picks, seen, ordered));
        return ordered;
    }

    private static void visit(
            ProjectName project, Map<ProjectName, List<ProjectName>> needs, Map<ProjectName, Search.Pick> picks,
            Set<ProjectName> seen, List<Chosen> ordered) {
        if (!seen.add(project)) {
            return;
        }
        Search.Pick pick = picks.get(project);
        List<ProjectName> before = needs.get(project);
        if (pick == null || before == null) {
            return;
        }
        before.forEach(p -> visit(p, needs, picks, seen, ordered));
        ordered.add(new Chosen(project, pick.candidate().version(), pick.candidate().wheel()));
    }

    /** What one call has looked up so far; asks the source for nothing twice. Confined to one thread. */
    static final class Catalogue {
        private final PackageSource source;
        private final TabEnvironment environment;
        private final TabTags tags;
        private final Question question;
        private final Map<ProjectName, Candidates> shelves = new HashMap<>();
        private final Map<ProjectName, PackageSource.Lookup> lookups = new HashMap<>();
        private final Map<ProjectName, Candidates> indexes = new HashMap<>();

        Catalogue(PackageSource source, TabEnvironment environment, TabTags tags, Question question) {
            this.source = source;
            this.environment = environment;
            this.tags = tags;
            this.question = question;
        }

        /** The wheel of the present lock as the only candidate, unless the newest is wanted. */
        List<Candidates.Candidate> locked(ProjectName project) {
            IndexFile wheel = question.locked().get(project);
            return wheel == null || question.upgrade()
                    ? List.of()
                    : Candidates.of(project, List.of(wheel), false, environment, tags).usable();
        }

        Candidates shelf(ProjectName project) {
            return shelves.computeIfAbsent(project, p -> Candidates.of(p, source.shelf(p), true, environment, tags));
        }

        PackageSource.Lookup lookup(ProjectName project) {
            return lookups.computeIfAbsent(project, source::index);
        }

        /** Shelf and index together; where both have a version, the shelf's file comes first. */
        Candidates all(ProjectName project) {
            return indexes.computeIfAbsent(project, p -> {
                List<IndexFile> files = new ArrayList<>(source.shelf(p));
                if (lookup(p) instanceof PackageSource.Lookup.Found(List<IndexFile> more)) {
                    files.addAll(more);
                }
                return Candidates.of(p, files, false, environment, tags);
            });
        }

        boolean upgrade() {
            return question.upgrade();
        }

        CoreMetadata metadata(IndexFile wheel) throws CoreMetadata.Broken, PackageSource.Unreachable {
            return source.metadata(wheel);
        }
    }
}

package dev.cloche.packages;

import dev.cloche.packages.Candidates.Candidate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One search by backtracking with conflict-directed back-jumps: a package without a fitting version names the decisions
 * that are to blame, and the search goes back to the latest of those rather than to the latest of all. Used once, by one
 * thread.
 */
final class Search {
    private static final int MOST_PACKAGES = 500;
    private static final int MOST_NOTES = 200;
    /** So many versions of a package are tried when each needs something that the tab can never have. */
    private static final int MOST_HOPELESS = 8;

    private final Resolver.Catalogue catalogue;
    private final TabEnvironment environment;
    private final Resolver.Limits limits;
    private final long deadline;
    private final Map<ProjectName, List<Need>> deadEnds = new LinkedHashMap<>();
    private final Set<String> clashes = new LinkedHashSet<>();
    private final Map<ProjectName, String> damaged = new TreeMap<>();
    private final Set<ProjectName> hopeless = new TreeSet<>();
    private final Map<ProjectName, Integer> hopelessTries = new HashMap<>();
    private int steps;

    /**
     * A requirement with the decisions that brought it in.
     *
     * @param requirement what is needed
     * @param because the decided packages to blame; none if a person asked for it
     * @param by who needs it, for people
     */
    record Need(Requirement requirement, Set<ProjectName> because, String by) {}

    /**
     * A decision.
     *
     * @param candidate the version
     * @param metadata its metadata
     * @param extras the extras that are active
     * @param needs the packages that it needs then
     */
    record Pick(Candidate candidate, CoreMetadata metadata, Set<String> extras, Set<ProjectName> needs) {}

    /** The search had to end without an answer. */
    static final class GaveUp extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Reason reason;

        GaveUp(Reason reason) {
            super(reason.message());
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }

    private record State(Map<ProjectName, Pick> picks, Map<ProjectName, List<Need>> needs) {
        State copy() {
            Map<ProjectName, List<Need>> lists = new LinkedHashMap<>();
            needs.forEach((project, list) -> lists.put(project, new ArrayList<>(list)));
            return new State(new HashMap<>(picks), lists);
        }
    }

    private sealed interface Outcome {
        record Done(Map<ProjectName, Pick> picks) implements Outcome {}

        record Failed(Set<ProjectName> blame) implements Outcome {}
    }

    Search(Resolver.Catalogue catalogue, TabEnvironment environment, Resolver.Limits limits, long deadline) {
        this.catalogue = catalogue;
        this.environment = environment;
        this.limits = limits;
        this.deadline = deadline;
    }

    /** A pick for each package needed; empty if there is no answer. */
    Optional<Map<ProjectName, Pick>> run(List<Requirement> wanted) {
        State start = new State(new HashMap<>(), new LinkedHashMap<>());
        for (Requirement requirement : wanted) {
            start.needs().computeIfAbsent(requirement.name(), n -> new ArrayList<>()).add(new Need(requirement, Set.of(), ""));
        }
        return switch (step(start)) {
            case Outcome.Done(var picks) -> Optional.of(picks);
            case Outcome.Failed failed -> Optional.empty();
        };
    }

    /** The packages that were left without a version, in the order met, each with what was needed of it then. */
    Map<ProjectName, List<Need>> deadEnds() {
        return deadEnds;
    }

    /** Pairs of packages that do not go together, for people. */
    List<String> clashes() {
        return List.copyOf(clashes);
    }

    /** Packages with a wheel whose metadata cannot be used, with the reason. */
    Map<ProjectName, String> damaged() {
        return damaged;
    }

    private Outcome step(State state) {
        Optional<ProjectName> open = state.needs().keySet().stream().filter(p -> !state.picks().containsKey(p)).findFirst();
        if (open.isEmpty()) {
            return new Outcome.Done(state.picks());
        }
        ProjectName project = open.get();
        List<Need> needs = needsOf(state, project);
        if (state.picks().size() >= MOST_PACKAGES) {
            throw gaveUp(project, "More than " + MOST_PACKAGES + " packages would be needed.");
        }
        Set<ProjectName> blame = new TreeSet<>(needs.getFirst().because());
        Choices choices = new Choices(project, needs);
        for (Optional<Candidate> next = choices.next(); next.isPresent() && !isHopeless(project); next = choices.next()) {
            Optional<Outcome> end = attempt(state, next.get(), needs, blame);
            if (end.isPresent()) {
                return end.get();
            }
        }
        if (deadEnds.size() < MOST_NOTES) {
            deadEnds.putIfAbsent(project, List.copyOf(needs));
        }
        if (choices.offered.isEmpty() && catalogue.all(project).usable().isEmpty()) {
            hopeless.add(project);
        }
        return new Outcome.Failed(blame);
    }

    /**
     * Whether no version of the package can come, whatever else is chosen: it has no wheel for the tab, or the newest
     * versions all need something of that kind. Its oldest versions may not, but nobody wants those.
     */
    private boolean isHopeless(ProjectName project) {
        return hopeless.contains(project);
    }

    private void countHopeless(ProjectName project) {
        if (hopelessTries.merge(project, 1, Integer::sum) >= MOST_HOPELESS) {
            hopeless.add(project);
        }
    }

    /** Tries one candidate; empty means: try the next one, {@code blame} says why. */
    private Optional<Outcome> attempt(State state, Candidate candidate, List<Need> needs, Set<ProjectName> blame) {
        countStep(candidate.project());
        for (Need need : needs) {
            if (!need.requirement().specifier().contains(candidate.version())) {
                blame.addAll(need.because());
                return Optional.empty();
            }
        }
        Optional<CoreMetadata> metadata = metadata(candidate);
        if (metadata.isEmpty()) {
            return Optional.empty();
        }
        State next = state.copy();
        Optional<Set<ProjectName>> clash = decide(next, candidate, metadata.get(), needs);
        if (clash.isPresent()) {
            addOthers(blame, clash.get(), candidate.project());
            return Optional.empty();
        }
        return switch (step(next)) {
            case Outcome.Done done -> Optional.of(done);
            case Outcome.Failed failed -> {
                if (!failed.blame().contains(candidate.project())) {
                    yield Optional.of(failed);
                }
                addOthers(blame, failed.blame(), candidate.project());
                yield Optional.empty();
            }
        };
    }

    private static void addOthers(Set<ProjectName> blame, Set<ProjectName> more, ProjectName self) {
        more.stream().filter(p -> !p.equals(self)).forEach(blame::add);
    }

    private Optional<CoreMetadata> metadata(Candidate candidate) {
        try {
            CoreMetadata metadata = catalogue.metadata(candidate.wheel());
            if (!metadata.name().equals(candidate.project()) || !metadata.version().withoutLocal().equals(candidate.version().withoutLocal())) {
                throw new CoreMetadata.Broken("its metadata is that of " + metadata.name() + " " + metadata.version());
            }
            return metadata.requiresPython().map(p -> p.contains(environment.version())).orElse(true)
                    ? Optional.of(metadata)
                    : Optional.empty();
        } catch (CoreMetadata.Broken e) {
            damaged.putIfAbsent(candidate.project(), candidate.wheel().file() + " cannot be used: " + e.why() + ".");
            return Optional.empty();
        } catch (PackageSource.Unreachable e) {
            throw new GaveUp(new Reason(candidate.project().value(), Reason.Cause.UPSTREAM, e.why(), Optional.empty()));
        }
    }

    /** Enters a decision with all that follows; a clash with an earlier decision names who is to blame. */
    private Optional<Set<ProjectName>> decide(State state, Candidate candidate, CoreMetadata metadata, List<Need> needs) {
        record Activation(ProjectName project, Set<String> extras, Set<ProjectName> because) {}
        Deque<Activation> open = new ArrayDeque<>();
        state.picks().put(candidate.project(), new Pick(candidate, metadata, Set.of(), Set.of()));
        open.add(new Activation(candidate.project(), Set.of(), Set.of()));
        needs.forEach(n -> open.add(new Activation(candidate.project(), n.requirement().extras(), n.because())));
        boolean first = true;
        while (!open.isEmpty()) {
            Activation activation = open.remove();
            Pick pick = pick(state, activation.project());
            Set<String> extras = new TreeSet<>(pick.extras());
            if (!extras.addAll(activation.extras()) && !first) {
                continue;
            }
            Set<ProjectName> because = new TreeSet<>(activation.because());
            because.add(activation.project());
            Set<ProjectName> known = new TreeSet<>(pick.needs());
            for (Requirement requirement : brought(pick, extras, first)) {
                Need need = new Need(requirement, because, activation.project() + " " + pick.candidate().version());
                known.add(requirement.name());
                Pick other = state.picks().get(requirement.name());
                if (isHopeless(requirement.name())) {
                    countHopeless(activation.project());
                    return Optional.of(because);
                }
                if (other == null) {
                    state.needs().computeIfAbsent(requirement.name(), n -> new ArrayList<>()).add(need);
                } else if (!requirement.specifier().contains(other.candidate().version())) {
                    return Optional.of(clash(need, other, state));
                } else {
                    open.add(new Activation(requirement.name(), requirement.extras(), because));
                }
            }
            first = false;
            state.picks().put(activation.project(), new Pick(pick.candidate(), pick.metadata(), extras, known));
        }
        return Optional.empty();
    }

    /** The requirements that count with these extras and did not count before. */
    private List<Requirement> brought(Pick pick, Set<String> extras, boolean first) {
        return pick.metadata().requires().stream()
                .filter(r -> r.holds(environment, extras) && (first || !r.holds(environment, pick.extras())))
                .toList();
    }

    private Set<ProjectName> clash(Need need, Pick other, State state) {
        ProjectName project = other.candidate().project();
        Set<ProjectName> blame = new TreeSet<>(need.because());
        blame.add(project);
        if (clashes.size() < MOST_NOTES) {
            String why = needsOf(state, project).stream()
                    .filter(n -> !n.requirement().specifier().clauses().isEmpty())
                    .findFirst()
                    .map(n -> (n.by().isEmpty() ? "you asked for " : n.by() + " needs ") + n.requirement())
                    .orElse(project + " " + other.candidate().version() + " was chosen");
            clashes.add(need.by() + " needs " + need.requirement() + ", but " + why + ".");
        }
        return blame;
    }

    private void countStep(ProjectName project) {
        if (++steps > limits.steps() || System.nanoTime() - deadline > 0) {
            throw gaveUp(project, "No answer was found within the limits of the search (" + limits.time().toSeconds()
                    + " s, " + limits.steps() + " versions).");
        }
        if (Thread.interrupted()) {
            throw gaveUp(project, "The search was cancelled.");
        }
    }

    private GaveUp gaveUp(ProjectName project, String message) {
        return new GaveUp(new Reason(project.value(), Reason.Cause.CONFLICT, message,
                Optional.of("Name versions of the packages that you ask for, so that there is less to try.")));
    }

    private static List<Need> needsOf(State state, ProjectName project) {
        List<Need> needs = state.needs().get(project);
        if (needs == null) {
            throw new IllegalStateException("nobody needs " + project);
        }
        return needs;
    }

    private static Pick pick(State state, ProjectName project) {
        Pick pick = state.picks().get(project);
        if (pick == null) {
            throw new IllegalStateException(project + " is not decided");
        }
        return pick;
    }

    /** The candidates of one project in order of preference, fetched only as far as they are asked for. */
    private final class Choices {
        private final ProjectName project;
        private final boolean pinned;
        private final boolean preReleases;
        private final Set<Version> offered = new TreeSet<>();
        private final Deque<Candidate> ready = new ArrayDeque<>();
        private int stage;

        Choices(ProjectName project, List<Need> needs) {
            this.project = project;
            this.pinned = needs.stream().anyMatch(n -> n.requirement().specifier().pins());
            this.preReleases = needs.stream().anyMatch(n -> n.requirement().specifier().namesPreRelease());
        }

        Optional<Candidate> next() {
            while (ready.isEmpty() && stage < 3) {
                fill(stage++);
            }
            return Optional.ofNullable(ready.poll());
        }

        private void fill(int which) {
            switch (which) {
                case 0 -> catalogue.locked(project).forEach(this::offer);
                case 1 -> {
                    if (!catalogue.upgrade()) {
                        offerAll(catalogue.shelf(project));
                    }
                }
                default -> {
                    boolean nothingLocal = catalogue.shelf(project).usable().isEmpty();
                    if (catalogue.lookup(project) instanceof PackageSource.Lookup.Unreachable(String why) && nothingLocal) {
                        throw new GaveUp(new Reason(project.value(), Reason.Cause.UPSTREAM, why,
                                Optional.of("It is not on the shelf of this server, so the package index has to be reached.")));
                    }
                    offerAll(catalogue.all(project));
                }
            }
        }

        private void offerAll(Candidates candidates) {
            for (Candidate candidate : candidates.usable()) {
                boolean wanted = preReleases || candidates.onlyPreReleases() || !candidate.version().isPreRelease();
                if (wanted && (pinned || !candidate.yanked())) {
                    offer(candidate);
                }
            }
        }

        private void offer(Candidate candidate) {
            if (offered.add(candidate.version())) {
                ready.add(candidate);
            }
        }
    }
}

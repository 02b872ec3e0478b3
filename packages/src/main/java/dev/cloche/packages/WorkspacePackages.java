package dev.cloche.packages;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import dev.cloche.packages.InstallOutcome.Installed;
import dev.cloche.packages.InstallOutcome.Refused;
import dev.cloche.packages.Progress.Step;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceConfig;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The Python packages of workspaces: what each asks for is in its configuration, what answers it is in its lock file.
 * Safe for use by several threads; changes to one workspace happen one after the other.
 */
final class WorkspacePackages {
    private static final int STRIPES = 64;
    private static final int AT_ONCE = 6;
    private static final int SEARCHES = 4;
    private static final int WAIT_SECONDS = 60;

    private final WorkspaceCatalog catalog;
    private final PackageIndex index;
    private final TabEnvironment environment;
    private final Resolver resolver;
    private final Semaphore searches = new Semaphore(SEARCHES);
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    /** What to change; names in {@code remove} may be requirements, of which only the name counts. */
    record Change(List<String> install, List<String> remove, boolean upgrade) {
        /** Copies both. */
        Change {
            install = List.copyOf(install);
            remove = List.copyOf(remove);
        }
    }

    /** The packages of this catalogue's workspaces, from this index. */
    WorkspacePackages(WorkspaceCatalog catalog, PackageIndex index, TabEnvironment environment) {
        this.catalog = catalog;
        this.index = index;
        this.environment = environment;
        this.resolver = new Resolver(index, environment, Resolver.Limits.DEFAULT);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /**
     * What the workspace asks for and what answers it. A lock that does not fit the requirements or the engine is made
     * anew, and written if {@code mayWrite}.
     */
    InstallOutcome list(WorkspaceId id, boolean mayWrite) {
        Workspace workspace = python(catalog.get(id));
        List<String> requirements = workspace.config().pythonPackages();
        Optional<PythonLock> lock = lock(id);
        if (lock.isPresent() && fits(lock.get(), requirements) && (isHere(lock.get()) || fetchAgain(lock.get()))) {
            return new Installed(requirements, lock.get());
        }
        return exclusively(id, () -> {
            List<String> now = catalog.get(id).config().pythonPackages();
            InstallOutcome outcome = prepare(id, now, false, Progress.SILENT);
            if (outcome instanceof Installed installed && mayWrite) {
                writeLock(id, installed.lock());
            }
            return outcome;
        });
    }

    /** Adds and removes requirements: all of it, or nothing. */
    InstallOutcome change(WorkspaceId id, Change change, Progress progress) {
        python(catalog.get(id));
        return exclusively(id, () -> {
            WorkspaceConfig config = catalog.get(id).config();
            List<String> requirements = changed(config.pythonPackages(), change);
            InstallOutcome outcome = prepare(id, requirements, change.upgrade(), progress);
            if (outcome instanceof Installed installed) {
                progress.report(new Step("write", "", 0, 0, 0));
                // First the lock, then the configuration: if the second fails, the lock no longer fits and is made anew.
                writeLock(id, installed.lock());
                if (!requirements.equals(config.pythonPackages())) {
                    catalog.configure(id, new WorkspaceConfig(config.environment(), requirements));
                }
            }
            return outcome;
        });
    }

    private InstallOutcome prepare(WorkspaceId id, List<String> requirements, boolean upgrade, Progress progress) {
        List<Requirement> parsed = parse("config.pythonPackages", requirements);
        progress.report(new Step("resolve", "", 0, 0, 0));
        Resolution resolution = resolve(new Resolver.Question(parsed, lockedWheels(id), upgrade));
        return switch (resolution) {
            case Resolution.Resolved(List<Resolution.Chosen> chosen) -> fetch(requirements, chosen, progress);
            case Resolution.Unresolvable(List<Reason> reasons) -> new Refused(reasons);
        };
    }

    /** Few at a time, since a search can keep a processor busy for as long as its limit. */
    private Resolution resolve(Resolver.Question question) {
        try {
            if (!searches.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "The server is resolving packages for many others; try again in a minute.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The request was cancelled.");
        }
        try {
            return resolver.resolve(question);
        } finally {
            searches.release();
        }
    }

    private InstallOutcome fetch(List<String> requirements, List<Resolution.Chosen> chosen, Progress progress) {
        List<Reason> reasons = new ArrayList<>();
        Map<ProjectName, Wheel> wheels = new HashMap<>();
        progress.report(new Step("fetch", "", 0, chosen.size(), 0));
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("package-fetch-", 0).factory())) {
            ExecutorCompletionService<Fetched> fetches = new ExecutorCompletionService<>(threads);
            chosen.forEach(choice -> fetches.submit(() -> fetch(choice)));
            try {
                long bytes = 0;
                for (int done = 1; done <= chosen.size(); done++) {
                    switch (fetches.take().get()) {
                        case Fetched.Here(ProjectName project, Wheel wheel) -> {
                            wheels.put(project, wheel);
                            bytes += wheel.size();
                            progress.report(new Step("fetch", project.value(), done, chosen.size(), bytes));
                        }
                        case Fetched.Missing(Reason reason) -> reasons.add(reason);
                    }
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("fetching a wheel failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reasons.add(new Reason("", Reason.Cause.UPSTREAM, "The request was cancelled.", Optional.empty()));
            } finally {
                // also when the listener went away: nobody waits for the rest
                threads.shutdownNow();
            }
        }
        if (!reasons.isEmpty()) {
            return new Refused(reasons);
        }
        List<Wheel> ordered = chosen.stream().map(c -> Objects.requireNonNull(wheels.get(c.project()))).toList();
        ordered.forEach(w -> index.keep(w.sha256(), w.file()));
        return new Installed(requirements, new PythonLock(environment.pythonFull(), environment.platform(), requirements, ordered));
    }

    private sealed interface Fetched {
        record Here(ProjectName project, Wheel wheel) implements Fetched {}

        record Missing(Reason reason) implements Fetched {}
    }

    private Fetched fetch(Resolution.Chosen choice) throws IOException {
        String project = choice.project().value();
        IndexFile file = choice.wheel();
        try {
            long size = Files.size(index.fetch(file));
            return new Fetched.Here(choice.project(), new Wheel(project, choice.version().toString(), file.file(), file.sha256(), size));
        } catch (PackageSource.Unreachable e) {
            return new Fetched.Missing(new Reason(project, Reason.Cause.UPSTREAM, e.why(), Optional.of("Try again when the package index can be reached.")));
        } catch (PackageIndex.Damaged e) {
            return new Fetched.Missing(new Reason(project, Reason.Cause.DAMAGED, e.why(), Optional.of("Ask for another version, or try later.")));
        }
    }

    private Map<ProjectName, IndexFile> lockedWheels(WorkspaceId id) {
        Map<ProjectName, IndexFile> locked = new HashMap<>();
        lock(id).ifPresent(lock -> lock.wheels().forEach(w -> {
            // People can edit the file: what it names counts only if it is here under that digest.
            if (index.here(w.sha256(), w.file()).isPresent()) {
                locked.put(new ProjectName(w.name()), IndexFile.local(w.file(), w.sha256(), w.size()));
            }
        }));
        return locked;
    }

    private boolean fits(PythonLock lock, List<String> requirements) {
        return lock.python().equals(environment.pythonFull())
                && lock.platform().equals(environment.platform())
                && lock.requirements().equals(requirements);
    }

    private boolean isHere(PythonLock lock) {
        return lock.wheels().stream().allMatch(w -> index.here(w.sha256(), w.file()).isPresent());
    }

    /** Brings the very wheels of a lock back, on a machine that has lost or never had them; false if that cannot be. */
    private boolean fetchAgain(PythonLock lock) {
        try {
            for (Wheel wheel : lock.wheels()) {
                Optional<IndexFile> file = index.find(wheel.sha256(), wheel.file());
                if (file.isEmpty()) {
                    return false;
                }
                index.fetch(file.get());
                index.keep(wheel.sha256(), wheel.file());
            }
            return true;
        } catch (PackageSource.Unreachable | PackageIndex.Damaged e) {
            return false;
        }
    }

    private Optional<PythonLock> lock(WorkspaceId id) {
        return catalog.read(id, PythonLock.PATH).flatMap(PythonLock::parse);
    }

    private void writeLock(WorkspaceId id, PythonLock lock) {
        byte[] bytes = lock.bytes();
        boolean same = catalog.read(id, PythonLock.PATH).map(old -> java.util.Arrays.equals(old, bytes)).orElse(false);
        if (!same) {
            catalog.write(id, Map.of(PythonLock.PATH, bytes));
        }
    }

    private static List<String> changed(List<String> present, Change change) {
        Map<ProjectName, String> all = new LinkedHashMap<>();
        List<Requirement> known = parse("config.pythonPackages", present);
        for (int i = 0; i < present.size(); i++) {
            all.put(known.get(i).name(), present.get(i));
        }
        parse("remove", change.remove()).forEach(r -> all.remove(r.name()));
        List<Requirement> added = parse("install", change.install());
        for (int i = 0; i < added.size(); i++) {
            all.put(added.get(i).name(), change.install().get(i).strip());
        }
        if (all.size() > 200) {
            throw Problem.field("install", "maxItems", "A workspace asks for at most 200 packages.");
        }
        return List.copyOf(all.values());
    }

    private static List<Requirement> parse(String field, List<String> texts) {
        List<Requirement> all = new ArrayList<>();
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                all.add(Requirement.parse(texts.get(i)));
            } catch (Requirement.Refused e) {
                errors.add(new FieldError(field + "[" + i + "]", "requirement", e.why()));
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
        return all;
    }

    private static Workspace python(Workspace workspace) {
        if (workspace.type() != WorkspaceType.PYODIDE) {
            throw Problem.field("id", "type", "This workspace is of the type " + workspace.type()
                    + "; packages of this kind belong to workspaces of the type PYODIDE.");
        }
        return workspace;
    }

    private <T> T exclusively(WorkspaceId id, java.util.function.Supplier<T> work) {
        ReentrantLock stripe = stripes[Math.floorMod(id.hashCode(), STRIPES)];
        stripe.lock();
        try {
            return work.get();
        } finally {
            stripe.unlock();
        }
    }
}

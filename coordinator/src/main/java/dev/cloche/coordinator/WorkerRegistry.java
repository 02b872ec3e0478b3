package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import dev.cloche.workers.WorkerBundle;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * The workers of this server: published, configured, rolled back, deleted. Holds no rule about who may. Any thread; calls
 * block, but for the worker of a name that was asked for before.
 */
final class WorkerRegistry {
    private static final int MOST_VERSIONS = 200;

    private final Database database;
    private final InstantSource clock;
    private final RandomIds ids;
    private final LocalWorkers local;
    private final WorkerRows rows = new WorkerRows();
    private final Map<String, RegisteredWorker> known = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /** What is written down with a change, in its transaction. */
    interface Note extends BiConsumer<Handle, RegisteredWorker> {}

    /**
     * Somebody who publishes.
     *
     * @param project for a new worker
     * @param by the person's name
     */
    record Publisher(ProjectId project, String by) {}

    /** What became of a publication. */
    record Published(RegisteredWorker worker, boolean isNew) {}

    WorkerRegistry(Database database, InstantSource clock, RandomIds ids, LocalWorkers local) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.local = local;
    }

    /** The worker of this name. */
    Optional<RegisteredWorker> find(String name) {
        RegisteredWorker there = known.get(name);
        if (there != null) {
            return Optional.of(there);
        }
        long before = changes.get();
        Optional<RegisteredWorker> found = database.read(handle -> rows.byName(handle, name));
        found.ifPresent(worker -> {
            known.put(name, worker);
            if (changes.get() != before) {
                known.remove(name);
            }
        });
        return found;
    }

    /** The worker of this name; none is a problem. */
    RegisteredWorker get(String name) {
        return find(name).orElseThrow(() -> Problem.notFound("The worker '" + name + "'"));
    }

    /** The workers of these projects, by name. */
    List<RegisteredWorker> ofProjects(Collection<ProjectId> projects) {
        return database.read(handle -> rows.ofProjects(handle, projects.stream().map(ProjectId::value).toList()));
    }

    /** The versions of a worker, newest first. */
    List<WorkerVersion> versions(RegisteredWorker worker) {
        return database.read(handle -> rows.versions(handle, worker.id()));
    }

    /** Reads something else in its database. */
    <T> T read(java.util.function.Function<Handle, T> work) {
        return database.read(work);
    }

    /** The file of a version. */
    Optional<byte[]> file(String worker, Digest digest) {
        return database.read(handle -> rows.file(handle, worker, digest));
    }

    /** The file of this digest, of any worker of these projects that may be given to others. */
    Optional<Nodes.Given> ofDigest(java.util.Set<ProjectId> projects, String digest) {
        return ofProjects(projects).stream().filter(worker -> worker.digest().hex().equals(digest) && worker.travels()).findFirst()
                .flatMap(worker -> file(worker.id(), worker.digest()).map(bytes -> new Nodes.Given(worker.name(), bytes)));
    }

    /** Takes a file as the newest version of the worker of this name, which is made if there is none. */
    Published publish(WorkerName name, byte[] file, Publisher publisher, Note note) {
        WorkerBundle bundle = WorkerBundle.read(file, name.value());
        WorkerDescription says = local.tried(bundle);
        String form = file.length > 1 && file[0] == 'P' ? "worker" : "wasm";
        Instant now = now();
        Published published = database.write(handle -> {
            Optional<RegisteredWorker> there = rows.locked(handle, name.value());
            there.ifPresent(worker -> refuseMore(rows.versions(handle, worker.id()), bundle.digest()));
            RegisteredWorker made = there
                    .map(old -> new RegisteredWorker(old.id(), old.name(), old.project(), bundle.digest(), form, file.length, says, old.grants(), old.createdAt(), later(old, now)))
                    .orElseGet(() -> new RegisteredWorker(ids.next(), name.value(), publisher.project(), bundle.digest(), form, file.length, says, WorkerGrants.NONE, now, now));
            if (there.isEmpty()) {
                rows.insert(handle, made);
            }
            rows.insertVersion(handle, made, file, publisher.by());
            rows.setDigest(handle, made.id(), made.digest(), made.updatedAt());
            note.accept(handle, made);
            return new Published(made, there.isEmpty());
        });
        changed(published.worker());
        return published;
    }

    private static void refuseMore(List<WorkerVersion> versions, Digest digest) {
        if (versions.size() >= MOST_VERSIONS && versions.stream().noneMatch(version -> version.digest().equals(digest))) {
            throw Problem.of(ErrorCode.CONFLICT, "A worker has at most " + MOST_VERSIONS + " versions; delete it, or publish under another name.");
        }
    }

    /** Gives a worker other grants. */
    RegisteredWorker grant(String name, UnaryOperator<WorkerGrants> change, Note note) {
        return change(name, note, (handle, old) -> {
            WorkerGrants grants = change.apply(old.grants());
            grants.hosts().forEach(host -> refuseUnwanted(old, host));
            Instant now = later(old, now());
            rows.setGrants(handle, old.id(), grants, now);
        });
    }

    private static void refuseUnwanted(RegisteredWorker worker, String host) {
        if (!worker.says().wants().hosts().contains(host)) {
            throw Problem.field("hosts", "wanted", worker.says().wants().hosts().isEmpty() ? "The worker wants no hosts, so none can be granted."
                    : "The worker does not want '" + host + "'; it wants " + String.join(", ", worker.says().wants().hosts()) + ".");
        }
    }

    /** Lets calls go to another version: the one that is named, or the one that was published before the one that is called. */
    RegisteredWorker rollback(String name, Optional<Digest> wanted, Note note) {
        return change(name, note, (handle, old) -> {
            List<WorkerVersion> versions = rows.versions(handle, old.id());
            Digest to = wanted.orElseGet(() -> before(versions, old.digest()));
            if (versions.stream().noneMatch(version -> version.digest().equals(to))) {
                throw Problem.field("digest", "exists", "The worker has no version " + to + ".");
            }
            rows.setDigest(handle, old.id(), to, later(old, now()));
        });
    }

    private static Digest before(List<WorkerVersion> versions, Digest current) {
        return versions.stream().map(WorkerVersion::digest).dropWhile(digest -> !digest.equals(current)).skip(1).findFirst()
                .orElseThrow(() -> Problem.of(ErrorCode.CONFLICT, "There is no older version."));
    }

    private RegisteredWorker change(String name, Note note, BiConsumer<Handle, RegisteredWorker> change) {
        RegisteredWorker changed = database.write(handle -> {
            RegisteredWorker old = rows.locked(handle, name).orElseThrow(() -> Problem.notFound("The worker '" + name + "'"));
            change.accept(handle, old);
            note.accept(handle, old);
            return rows.byName(handle, name).orElseThrow();
        });
        changed(changed);
        return changed;
    }

    /** Deletes a worker with all versions and tasks. */
    void delete(String name, Note note) {
        RegisteredWorker gone = database.write(handle -> {
            RegisteredWorker old = rows.locked(handle, name).orElseThrow(() -> Problem.notFound("The worker '" + name + "'"));
            rows.delete(handle, old.id());
            note.accept(handle, old);
            return old;
        });
        changed(gone);
    }

    private void changed(RegisteredWorker worker) {
        changes.incrementAndGet();
        known.remove(worker.name());
        local.forget(worker.id());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Times of one worker's changes always differ, so that what is open can be told from what is newer. */
    private static Instant later(RegisteredWorker old, Instant now) {
        return now.isAfter(old.updatedAt()) ? now : old.updatedAt().plus(1, ChronoUnit.MICROS);
    }
}

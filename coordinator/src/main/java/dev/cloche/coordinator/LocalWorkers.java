package dev.cloche.coordinator;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Workers that are open in this process: opened with their first call, closed when they changed and their calls are done, or
 * when nobody called them for a while. Any thread.
 */
final class LocalWorkers implements AutoCloseable {
    private static final long IDLE = TimeUnit.MINUTES.toNanos(10);
    private static final int WAITING = 1000;

    private final WorkerOpener workers;
    private final CoordinatorSettings settings;
    private final BiFunction<String, Digest, Optional<byte[]>> files;
    private final Map<String, Slot> open = new ConcurrentHashMap<>();
    private final List<Worker> leaving = new ArrayList<>();
    private boolean closed;

    /** One worker: at most one thread opens it. */
    private static final class Slot {
        private Optional<Worker> worker = Optional.empty();
        private Instant changed = Instant.MIN;
        private volatile long used = System.nanoTime();
    }

    /**
     * None yet.
     *
     * @param files of versions, by the worker's identifier and a digest
     */
    LocalWorkers(WorkerOpener workers, CoordinatorSettings settings, BiFunction<String, Digest, Optional<byte[]>> files) {
        this.workers = workers;
        this.settings = settings;
        this.files = files;
    }

    /** The engine's name and version. */
    String engine() {
        return workers.engine();
    }

    /** Whether builds with vectors are run. */
    boolean simd() {
        return workers.simd();
    }

    /** Opens a file that is about to be published, to see that it can be, and says what it holds. */
    WorkerDescription tried(WorkerBundle bundle) {
        try (Worker worker = workers.open(bundle, granted(WorkerGrants.NONE).withSlots(1, 0))) {
            return WorkerDescription.of(worker);
        }
    }

    /** The worker as it is registered, opened if it is not. */
    Worker open(RegisteredWorker registered) {
        Slot slot = open.computeIfAbsent(registered.id(), id -> new Slot());
        slot.used = System.nanoTime();
        synchronized (slot) {
            Worker there = slot.worker.orElse(null);
            if (there != null && !slot.changed.isBefore(registered.updatedAt())) {
                return there;
            }
            Worker made = loaded(registered);
            slot.worker.ifPresent(this::leave);
            slot.worker = Optional.of(made);
            slot.changed = registered.updatedAt();
            return made;
        }
    }

    /** On a thread of its own: a caller who goes away interrupts theirs, and others wait for the same worker. */
    private Worker loaded(RegisteredWorker registered) {
        CompletableFuture<Worker> made = CompletableFuture.supplyAsync(() -> {
            byte[] file = files.apply(registered.id(), registered.digest()).orElseThrow(() -> Problem.notFound("This version of the worker"));
            return workers.open(WorkerBundle.read(file, registered.name()), granted(registered.grants()));
        }, task -> Thread.ofVirtual().name("open-" + registered.name()).start(task));
        try {
            return made.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private WorkerSettings granted(WorkerGrants grants) {
        long bytes = grants.memoryPages().map(pages -> Math.min((long) pages << 16, settings.memoryBytes())).orElse(settings.memoryBytes());
        return WorkerSettings.DEFAULT
                .withSlots(Math.max(1, settings.slots()), WAITING)
                .withHosts(grants.hosts(), false)
                .withPaths(settings.folders())
                .withConfig(grants.values())
                .withLimits(bytes, settings.timeout());
    }

    /** The worker is gone, or another version is called from now on. */
    void forget(String id) {
        Slot slot = open.remove(id);
        if (slot != null) {
            synchronized (slot) {
                slot.worker.ifPresent(this::leave);
                slot.worker = Optional.empty();
            }
        }
    }

    private void leave(Worker worker) {
        synchronized (leaving) {
            leaving.add(worker);
        }
    }

    /** Closes those whose calls are done; called now and then. */
    void sweep() {
        long now = System.nanoTime();
        open.forEach((id, slot) -> {
            if (now - slot.used > IDLE) {
                forget(id);
            }
        });
        synchronized (leaving) {
            for (Iterator<Worker> each = leaving.iterator(); each.hasNext();) {
                Worker worker = each.next();
                if (worker.load().running() + worker.load().waiting() == 0) {
                    each.remove();
                    worker.close();
                }
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        open.keySet().forEach(this::forget);
        synchronized (leaving) {
            leaving.forEach(Worker::close);
            leaving.clear();
        }
        workers.close();
    }
}

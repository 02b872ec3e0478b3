package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Gives tasks of the queue to places that have room, as calls, and stores what comes back. One thread takes tasks; each that it
 * took has a virtual thread. It sleeps until a task comes, a place has room, or a time is there.
 */
final class Dispatcher implements AutoCloseable {
    /** How the leases of this server begin. */
    static final String HOLDER = "server";

    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEWAL = Duration.ofSeconds(10);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(1);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration EXPIRY = Duration.ofMillis(500);
    private static final int MOST_HANDINGS = 300;
    private static final Duration NOBODY = Duration.ofSeconds(2);
    private static final int MOST_AT_ONCE = 64;

    private final TaskQueue queue;
    private final WorkerRegistry registry;
    private final Runner runner;
    private final InstantSource clock;
    private final Map<TaskId, Doing> doing = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private long renewed = System.nanoTime();
    private long expired = System.nanoTime();

    /**
     * What does the work.
     *
     * @param projects whose tasks there is somebody for; empty for all
     * @param names of the places
     */
    record Runner(Calls calls, Division division, Meter meter, Supplier<Optional<Set<String>>> projects, PlaceNames names) {}

    /** A task that is done now. Its thread is interrupted only while it waits for a call: an interrupt would break a connection of the database. */
    private static final class Doing {
        final LeasedTask task;
        private Optional<Thread> calling = Optional.empty();
        private boolean ended;

        Doing(LeasedTask task) {
            this.task = task;
        }

        synchronized void begin() throws InterruptedException {
            if (ended) {
                throw new InterruptedException("ended before it began");
            }
            calling = Optional.of(Thread.currentThread());
        }

        synchronized void called() {
            calling = Optional.empty();
        }

        synchronized void end() {
            ended = true;
            calling.ifPresent(Thread::interrupt);
        }
    }

    Dispatcher(TaskQueue queue, WorkerRegistry registry, Runner runner, InstantSource clock) {
        this.queue = queue;
        this.registry = registry;
        this.runner = runner;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("task-dispatcher").unstarted(this::run);
    }

    /** Begins; tasks that an earlier run of this server had are given back first. */
    void start() {
        thread.start();
    }

    /** How many tasks it does. */
    int running() {
        return doing.size();
    }

    /** Ends the work on a task that nobody wants any more. */
    void cancelled(TaskId id) {
        Doing task = doing.get(id);
        if (task != null) {
            task.end();
        }
    }

    private void run() {
        boolean recovered = false;
        while (!closed) {
            long seen = queue.work().now();
            try {
                if (!recovered) {
                    queue.recover(HOLDER);
                    recovered = true;
                }
                queue.work().await(seen, turn());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // the database is away for a moment, perhaps; what was accepted is in it and waits
                LOG.log(System.Logger.Level.WARNING, "event=dispatch_failed reason=\"{0}\"", e.getMessage());
                try {
                    queue.work().await(queue.work().now(), AFTER_FAILURE);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        }
    }

    /** Takes what there is room for; returns how long there is nothing to do unless something happens. */
    private Duration turn() {
        renew();
        long now = System.nanoTime();
        if (now - expired > EXPIRY.toNanos()) {
            queue.expire();
            expired = now;
        }
        int slots = runner.calls().slots();
        int room = Math.min(MOST_AT_ONCE, slots + (slots + 1) / 2 - doing.size());
        if (room <= 0) {
            return EXPIRY;
        }
        List<LeasedTask> taken = queue.take(new TaskRows.Choice(runner.projects().get().map(all -> (Collection<String>) all), Optional.empty(), false), HOLDER, LEASE, room);
        taken.forEach(this::begin);
        if (taken.size() == room) {
            return EXPIRY;
        }
        Duration next = queue.untilNext().orElse(LONGEST_SLEEP);
        return next.compareTo(SHORTEST_SLEEP) < 0 ? SHORTEST_SLEEP : next.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : next;
    }

    private void begin(LeasedTask task) {
        Doing begun = new Doing(task);
        doing.put(task.id(), begun);
        Thread.ofVirtual().name("task-" + task.id()).start(() -> work(begun));
    }

    private void work(Doing begun) {
        LeasedTask task = begun.task;
        try {
            Calls.Done done = made(begun);
            for (int failures = 0; !closed && !handed(task, done) && failures < MOST_HANDINGS; failures++) {
                Thread.sleep(AFTER_FAILURE);
            }
        } catch (InterruptedException e) {
            // cancelled, or the server stops: then the next one gives it back
        } catch (Problem e) {
            // somebody else has it by now, or it is not there any more
            LOG.log(System.Logger.Level.INFO, "event=task_result_refused task={0} reason=\"{1}\"", task.id(), e.detail());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "event=task_failed task=" + task.id(), e);
        } finally {
            doing.remove(task.id());
            queue.work().give();
        }
    }

    /** Whether what came is stored; not so if the database is away for a moment. */
    private boolean handed(LeasedTask task, Calls.Done done) {
        try {
            hand(task, done);
            return true;
        } catch (Problem e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "event=task_result_not_stored task={0} reason=\"{1}\"", task.id(), e.getMessage());
            return false;
        }
    }

    private Calls.Done made(Doing begun) throws InterruptedException {
        LeasedTask task = begun.task;
        Optional<RegisteredWorker> worker = registry.find(task.worker());
        if (worker.isEmpty()) {
            return new Calls.Done(CallOutcome.Failed.of(Failure.UNAVAILABLE, "The worker was deleted."), "", false, 0);
        }
        Calls.Wish wish = new Calls.Wish(worker.get(), task.function(), task.input(), task.timeoutMs(), task.where());
        boolean divided = task.divide().isPresent() && worker.get().says().function(task.function()).flatMap(WorkerDescription.Function::divide).isPresent();
        Calls.Done done;
        begun.begin();
        try {
            done = divided ? runner.division().run(wish, task.divide().orElse(0)).done() : runner.calls().call(wish);
        } finally {
            begun.called();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("ended as its call did");
        }
        runner.meter().note(worker.get().project(), done, true);
        return done;
    }

    private void hand(LeasedTask task, Calls.Done done) {
        String on = done.ranOn().isEmpty() ? "nobody" : done.ranOn();
        switch (done.outcome()) {
            case CallOutcome.Answer(byte[] output, long nanos) -> {
                if (output.length > TaskQueue.LARGEST) {
                    queue.fail(task.id(), task.lease(), error(on, CallOutcome.Failed.of(Failure.FAILED, "The output has " + output.length + " bytes; it may have " + TaskQueue.LARGEST + ".")));
                } else {
                    queue.store(task.id(), task.lease(), new StoredResult(output, on, nanos / 1e6));
                }
            }
            case CallOutcome.Failed failed -> {
                if (done.ranOn().isEmpty() || failed.kind() == Failure.BUSY) {
                    queue.putBack(task.id(), task.lease(), NOBODY);
                } else if (failed.kind() == Failure.UNAVAILABLE) {
                    queue.lose(task.id(), task.lease(), error(on, failed));
                } else {
                    queue.fail(task.id(), task.lease(), error(on, failed));
                }
            }
        }
    }

    private TaskError error(String on, CallOutcome.Failed failed) {
        return new TaskError(clock.instant(), on, runner.names().of(on), failed.kind().text(), failed.field(), failed.rule(), failed.message());
    }

    /** Keeps the leases of what is being done. */
    private void renew() {
        long now = System.nanoTime();
        if (now - renewed > RENEWAL.toNanos() && !doing.isEmpty()) {
            doing.values().stream().map(one -> one.task).collect(Collectors.groupingBy(LeasedTask::lease))
                    .forEach((lease, tasks) -> queue.renewAll(tasks.stream().map(LeasedTask::id).toList(), lease, LEASE));
            renewed = now;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        doing.values().forEach(Doing::end);
    }
}

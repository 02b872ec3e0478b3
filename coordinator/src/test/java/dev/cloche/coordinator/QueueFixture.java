package dev.cloche.coordinator;

import dev.cloche.identity.ManualClock;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A queue over a database of its own, with a worker and a clock that tests move. */
final class QueueFixture implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final ProjectId PROJECT = new ProjectId("eeeeeeeeeeeeeeee");

    final TestDatabase postgres = TestDatabase.fresh();
    final ManualClock clock = new ManualClock();
    final RegisteredWorker worker;
    private final RandomIds ids = new RandomIds(new SecureRandom());
    private final CoordinatorSettings settings;
    TaskQueue queue;

    QueueFixture() {
        this(CoordinatorSettings.USUAL);
    }

    QueueFixture(CoordinatorSettings settings) {
        this.settings = settings;
        postgres.database().write(handle -> handle.execute("INSERT INTO project (id, slug, name, created_at) VALUES (?, 'test', 'Test', now())", PROJECT.value()));
        LocalWorkers local = new LocalWorkers(new FakeWorkers(), settings, (id, digest) -> Optional.empty());
        WorkerRegistry registry = new WorkerRegistry(postgres.database(), clock, ids, local);
        worker = registry.publish(new WorkerName("texts"), FakeWorkers.module(1), new WorkerRegistry.Publisher(PROJECT, "test"), (handle, made) -> { }).worker();
        restart();
    }

    /** As a server that was started anew sees it. */
    void restart() {
        queue = new TaskQueue(postgres.database(), clock, ids, new Backoff(new Random(7)), settings);
    }

    NewTask task(String input) {
        return new NewTask(worker, "echo", bytes(input), Where.AUTO, Optional.empty(), 5, 3, Duration.ZERO, Duration.ofSeconds(30), Optional.empty());
    }

    TaskId submit(String input) {
        return queue.submit(task(input)).task().id();
    }

    List<LeasedTask> take(int most) {
        return queue.take(new TaskRows.Choice(Optional.empty(), Optional.empty(), false), Dispatcher.HOLDER, LEASE, most);
    }

    LeasedTask take() {
        return take(1).getFirst();
    }

    TaskState state(TaskId id) {
        return queue.find(id).orElseThrow().state();
    }

    TaskError error(String kind) {
        return new TaskError(clock.instant(), "local", Optional.empty(), kind, Optional.empty(), Optional.empty(), "no luck");
    }

    static StoredResult result(String output) {
        return new StoredResult(bytes(output), "local", 1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        postgres.close();
    }
}

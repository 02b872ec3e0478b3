package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on the queue, with restarts, against a model of it. */
@Timeout(120)
class QueueModelTest {
    private static final int STEPS = 250;

    private final Map<TaskId, Model> model = new LinkedHashMap<>();
    private final List<Lease> leases = new ArrayList<>();
    private QueueFixture fixture;
    private Random random;

    /** A task as it should be. */
    private static final class Model {
        TaskState state = TaskState.WAITING;
        String lease = "";
        Instant until = Instant.MAX;
        int attempts;
        int losses;
        String result = "";
        final int priority;
        final long number;

        Model(int priority, long number) {
            this.priority = priority;
            this.number = number;
        }
    }

    private record Lease(TaskId id, String secret) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theQueueDoesWhatItsModelDoes(long seed) {
        random = new Random(seed);
        try (QueueFixture made = new QueueFixture()) {
            fixture = made;
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            drain();
        }
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> submit();
            case 3, 4 -> take(1 + random.nextInt(3));
            case 5, 6 -> withLease(this::store);
            case 7 -> withLease(this::fail);
            case 8 -> withLease(this::lose);
            case 9 -> pass(Duration.ofSeconds(random.nextInt(20)));
            case 10 -> cancelOrRetry();
            default -> restartOrRenew();
        }
        Map<TaskId, TaskState> states = new LinkedHashMap<>();
        fixture.queue.list(List.of(QueueFixture.PROJECT.value()), Optional.empty(), Optional.empty(), Long.MAX_VALUE, STEPS).forEach(task -> states.put(task.id(), task.state()));
        assertThat(states).hasSize(model.size());
        model.forEach((id, task) -> assertThat(states).containsEntry(id, task.state));
    }

    private void submit() {
        int priority = random.nextInt(3);
        NewTask any = fixture.task("in");
        Task made = fixture.queue.submit(new NewTask(any.worker(), "echo", any.input(), Where.AUTO, Optional.empty(), priority, 3, Duration.ofSeconds(random.nextInt(5)), any.timeout(), Optional.empty())).task();
        model.put(made.id(), new Model(priority, made.number()));
    }

    private void take(int most) {
        Instant now = fixture.clock.instant();
        List<TaskId> expected = model.entrySet().stream()
                .filter(entry -> entry.getValue().state == TaskState.WAITING && !readyAt(entry.getKey()).isAfter(now))
                .sorted(Comparator.<Map.Entry<TaskId, Model>>comparingInt(entry -> -entry.getValue().priority).thenComparing(entry -> readyAt(entry.getKey())).thenComparing(entry -> entry.getValue().number))
                .limit(most).map(Map.Entry::getKey).toList();

        List<LeasedTask> taken = fixture.take(most);

        assertThat(taken).extracting(LeasedTask::id).containsExactlyInAnyOrderElementsOf(expected);
        taken.forEach(task -> {
            Model one = model.get(task.id());
            one.state = TaskState.RUNNING;
            one.lease = task.lease();
            one.until = now.plus(QueueFixture.LEASE);
            one.attempts++;
            leases.add(new Lease(task.id(), task.lease()));
        });
    }

    private Instant readyAt(TaskId id) {
        return fixture.queue.find(id).orElseThrow().readyAt();
    }

    private void withLease(java.util.function.Consumer<Lease> work) {
        if (!leases.isEmpty()) {
            work.accept(leases.get(random.nextInt(leases.size())));
        }
    }

    private boolean holds(Lease lease) {
        Model task = model.get(lease.id());
        return task.state == TaskState.RUNNING && task.lease.equals(lease.secret());
    }

    private void store(Lease lease) {
        Model task = model.get(lease.id());
        String output = "out " + random.nextInt(3);
        boolean repeated = task.state == TaskState.DONE && task.lease.equals(lease.secret()) && task.result.equals(output);
        boolean accepted = accepted(() -> fixture.queue.store(lease.id(), lease.secret(), QueueFixture.result(output)));

        assertThat(accepted).isEqualTo(holds(lease) || repeated);
        if (holds(lease)) {
            task.state = TaskState.DONE;
            task.result = output;
        }
    }

    private void fail(Lease lease) {
        boolean passes = random.nextBoolean();
        boolean accepted = accepted(() -> fixture.queue.fail(lease.id(), lease.secret(), fixture.error(passes ? "failed" : "bad_input")));

        assertThat(accepted).isEqualTo(holds(lease));
        if (accepted) {
            Model task = model.get(lease.id());
            task.state = passes && task.attempts < 3 ? TaskState.WAITING : TaskState.DEAD;
        }
    }

    private void lose(Lease lease) {
        boolean accepted = accepted(() -> fixture.queue.lose(lease.id(), lease.secret(), fixture.error("unavailable")));

        assertThat(accepted).isEqualTo(holds(lease));
        if (accepted) {
            lost(model.get(lease.id()));
        }
    }

    private static void lost(Model task) {
        task.attempts--;
        task.losses++;
        task.state = task.losses < 20 ? TaskState.WAITING : TaskState.DEAD;
    }

    private void pass(Duration time) {
        fixture.clock.pass(time);
        fixture.queue.expire();
        model.values().stream().filter(task -> task.state == TaskState.RUNNING && !task.until.isAfter(fixture.clock.instant())).forEach(QueueModelTest::lost);
    }

    private void cancelOrRetry() {
        if (model.isEmpty()) {
            return;
        }
        TaskId id = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
        Model task = model.get(id);
        if (random.nextBoolean()) {
            assertThat(accepted(() -> fixture.queue.cancel(id))).isEqualTo(task.state.isOpen());
            task.state = task.state.isOpen() ? TaskState.CANCELLED : task.state;
        } else {
            boolean ended = task.state == TaskState.DEAD || task.state == TaskState.CANCELLED;
            assertThat(accepted(() -> fixture.queue.retry(id))).isEqualTo(ended);
            if (ended) {
                task.state = TaskState.WAITING;
                task.attempts = 0;
                task.losses = 0;
            }
        }
    }

    private void restartOrRenew() {
        if (random.nextBoolean()) {
            fixture.restart();
            fixture.queue.recover(Dispatcher.HOLDER);
            model.values().stream().filter(task -> task.state == TaskState.RUNNING).forEach(QueueModelTest::lost);
        } else {
            withLease(lease -> {
                assertThat(accepted(() -> fixture.queue.renew(lease.id(), lease.secret(), QueueFixture.LEASE))).isEqualTo(holds(lease));
                if (holds(lease)) {
                    model.get(lease.id()).until = fixture.clock.instant().plus(QueueFixture.LEASE);
                }
            });
        }
    }

    /** At the end each task has exactly one result, or an end that says why not. */
    private void drain() {
        while (model.values().stream().anyMatch(task -> task.state.isOpen())) {
            pass(Duration.ofMinutes(6));
            take(100);
            leases.stream().filter(this::holds).toList().forEach(this::store);
        }
        model.forEach((id, task) -> {
            assertThat(fixture.state(id)).isEqualTo(task.state);
            assertThat(fixture.queue.result(id).map(result -> new String(result.output(), StandardCharsets.UTF_8))).isEqualTo(task.state == TaskState.DONE ? Optional.of(task.result) : Optional.empty());
        });
    }

    private static boolean accepted(Runnable work) {
        try {
            work.run();
            return true;
        } catch (Problem refused) {
            return false;
        }
    }
}

package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue on real PostgreSQL. */
@Timeout(60)
class TaskQueueTest {
    private final QueueFixture fixture = new QueueFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private TaskQueue queue() {
        return fixture.queue;
    }

    @Test
    void aTaskIsDoneOnceAndItsResultStays() {
        TaskId id = fixture.submit("in");
        LeasedTask task = fixture.take();
        assertThat(new String(task.input(), StandardCharsets.UTF_8)).isEqualTo("in");
        assertThat(fixture.take(9)).isEmpty();

        queue().store(id, task.lease(), QueueFixture.result("out"));

        assertThat(fixture.state(id)).isEqualTo(TaskState.DONE);
        queue().store(id, task.lease(), QueueFixture.result("out"));
        assertThatThrownBy(() -> queue().store(id, task.lease(), QueueFixture.result("another"))).isInstanceOfSatisfying(Problem.class, TaskQueueTest::isStale);
        assertThat(queue().result(id).orElseThrow().output()).isEqualTo(QueueFixture.bytes("out"));
    }

    private static void isStale(Problem problem) {
        assertThat(problem.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(problem.fields().getFirst().rule()).isEqualTo("lease");
    }

    @Test
    void aLeaseThatIsOverPassesToSomebodyElseAndTheFirstHolderIsRefused() {
        TaskId id = fixture.submit("in");
        LeasedTask first = fixture.take();
        fixture.clock.pass(Duration.ofSeconds(29));
        queue().renew(id, first.lease(), QueueFixture.LEASE);
        fixture.clock.pass(Duration.ofSeconds(29));
        assertThat(queue().expire()).isZero();

        fixture.clock.pass(Duration.ofSeconds(2));
        assertThat(queue().expire()).isEqualTo(1);
        LeasedTask second = fixture.take();

        assertThatThrownBy(() -> queue().store(id, first.lease(), QueueFixture.result("late"))).isInstanceOfSatisfying(Problem.class, TaskQueueTest::isStale);
        assertThatThrownBy(() -> queue().renew(id, first.lease(), QueueFixture.LEASE)).isInstanceOfSatisfying(Problem.class, TaskQueueTest::isStale);
        assertThatThrownBy(() -> queue().fail(id, first.lease(), fixture.error("failed"))).isInstanceOfSatisfying(Problem.class, TaskQueueTest::isStale);
        assertThat(fixture.state(id)).isEqualTo(TaskState.RUNNING);
        queue().store(id, second.lease(), QueueFixture.result("out"));
        assertThat(queue().result(id).orElseThrow().output()).isEqualTo(QueueFixture.bytes("out"));
    }

    @Test
    void anUnknownTaskIsNoTask() {
        assertThatThrownBy(() -> queue().store(new TaskId("0123456789abcdef"), "x", QueueFixture.result("out")))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aFailedTaskWaitsLongerEachTimeAndIsKeptWithItsErrorsAtTheEnd() {
        TaskId id = fixture.submit("in");
        List<Duration> pauses = new ArrayList<>();
        for (int attempt = 1; attempt <= 2; attempt++) {
            queue().fail(id, fixture.take().lease(), fixture.error("failed"));
            assertThat(fixture.take(1)).isEmpty();
            Duration pause = Duration.between(fixture.clock.instant(), queue().find(id).orElseThrow().readyAt());
            pauses.add(pause);
            fixture.clock.pass(pause);
        }
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(3000));

        assertThat(queue().fail(id, fixture.take().lease(), fixture.error("trapped"))).isEqualTo(TaskState.DEAD);
        assertThat(queue().find(id).orElseThrow().errors()).extracting(TaskError::error).containsExactly("failed", "failed", "trapped");

        queue().retry(id);
        queue().store(id, fixture.take().lease(), QueueFixture.result("out"));
        assertThat(fixture.state(id)).isEqualTo(TaskState.DONE);
    }

    @Test
    void anInputThatIsWrongIsNotTriedAgain() {
        TaskId id = fixture.submit("in");

        assertThat(queue().fail(id, fixture.take().lease(), fixture.error("bad_input"))).isEqualTo(TaskState.DEAD);
    }

    @Test
    void aTaskThatWasLostWithItsServerIsTriedAgainWithoutBlame() {
        TaskId id = fixture.submit("in");
        for (int loss = 0; loss < 19; loss++) {
            fixture.take();
            fixture.restart();
            assertThat(queue().recover(Dispatcher.HOLDER)).isEqualTo(1);
        }
        assertThat(queue().find(id).orElseThrow().attempts()).isZero();

        queue().lose(id, fixture.take().lease(), fixture.error("unavailable"));
        assertThat(fixture.state(id)).as("a task that ends servers is not tried for ever").isEqualTo(TaskState.DEAD);
    }

    @Test
    void higherPrioritiesGoFirstAndLaterOnesWait() {
        NewTask low = fixture.task("low");
        fixture.submit("first");
        fixture.submit("second");
        queue().submit(new NewTask(low.worker(), "echo", QueueFixture.bytes("high"), Where.AUTO, Optional.empty(), 9, 3, Duration.ZERO, low.timeout(), Optional.empty()));
        queue().submit(new NewTask(low.worker(), "echo", QueueFixture.bytes("later"), Where.AUTO, Optional.empty(), 9, 3, Duration.ofMinutes(1), low.timeout(), Optional.empty()));

        assertThat(fixture.take(9)).extracting(task -> new String(task.input(), StandardCharsets.UTF_8)).containsExactlyInAnyOrder("high", "first", "second");
        assertThat(queue().untilNext()).contains(QueueFixture.LEASE);
        fixture.clock.pass(Duration.ofMinutes(1));
        assertThat(new String(fixture.take().input(), StandardCharsets.UTF_8)).isEqualTo("later");
    }

    @Test
    void ofTwoTasksWithOneKeyTheFirstStays() {
        NewTask task = fixture.task("in");
        NewTask keyed = new NewTask(task.worker(), "echo", task.input(), Where.AUTO, Optional.empty(), 5, 3, Duration.ZERO, task.timeout(), Optional.of("order-7"));

        TaskQueue.Submitted first = queue().submit(keyed);
        TaskQueue.Submitted second = queue().submit(keyed);

        assertThat(first.isNew()).isTrue();
        assertThat(second.isNew()).isFalse();
        assertThat(second.task().id()).isEqualTo(first.task().id());
    }

    @Test
    void aCancelledTaskTakesNoResult() {
        TaskId id = fixture.submit("in");
        LeasedTask task = fixture.take();
        queue().cancel(id);

        assertThatThrownBy(() -> queue().store(id, task.lease(), QueueFixture.result("out"))).isInstanceOfSatisfying(Problem.class, TaskQueueTest::isStale);
        assertThatThrownBy(() -> queue().cancel(id)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(fixture.state(id)).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void manyWhoTakeAtOnceGetDifferentTasks() throws Exception {
        for (int k = 0; k < 40; k++) {
            fixture.submit("task " + k);
        }
        List<Callable<List<LeasedTask>>> takers = new ArrayList<>();
        for (int k = 0; k < 20; k++) {
            takers.add(() -> fixture.take(2));
        }
        Set<TaskId> taken = new HashSet<>();
        int count = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<LeasedTask>> some : threads.invokeAll(takers)) {
                count += some.get().size();
                some.get().forEach(task -> taken.add(task.id()));
            }
        }
        fixture.take(40).forEach(task -> taken.add(task.id()));

        assertThat(count).isPositive();
        assertThat(taken).hasSize(40);
    }

    @Test
    void theQueueHasAnEndAndWhatEndedLongAgoGoes() {
        try (QueueFixture small = new QueueFixture(CoordinatorSettings.USUAL.withMostTasks(2))) {
            TaskId done = small.submit("1");
            small.submit("2");
            assertThatThrownBy(() -> small.submit("3")).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.detail()).contains("workers.queue"));

            small.queue.store(done, small.take().lease(), QueueFixture.result("out"));
            small.clock.pass(Duration.ofSeconds(2));
            small.submit("3");
            assertThat(small.queue.prune()).isZero();
            small.clock.pass(Duration.ofDays(8));
            assertThat(small.queue.prune()).isEqualTo(1);
            assertThat(small.queue.find(done)).isEmpty();
        }
    }
}

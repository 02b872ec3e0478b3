package dev.cloche.workers;

import static dev.cloche.wasm.ValueType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.HostImport;
import dev.cloche.wasm.Wat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How calls wait, run, and are taken back. */
abstract class PoolConformance extends WorkersTestBase {
    private static final String KERNEL = """
            (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64))) (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
            (import "extism:host/env" "output_set" (func $output (param i64 i64))) (import "extism:host/env" "error_set" (func $error (param i64)))
            (import "extism:host/env" "input_offset" (func $input (result i64))) (import "extism:host/env" "input_length" (func $length (result i64)))""";
    /** Counts its calls, says the input again, as output or as error, traps, and waits for the test. */
    private static final String GUEST = KERNEL + """
            (import "test" "gate" (func $gate (result i32)))
            (memory (export "memory") 1) (global $calls (mut i32) (i32.const 0))
            (func (export "count") (result i32) (local $at i64) (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
              (local.set $at (call $alloc (i64.const 1))) (call $store (local.get $at) (i32.add (i32.const 48) (global.get $calls)))
              (call $output (local.get $at) (i64.const 1)) (i32.const 0))
            (func (export "echo") (call $output (call $input) (call $length)))
            (func (export "complain") (result i32) (call $error (call $input)) (i32.const 1))
            (func (export "code") (result i32) (i32.const 5))
            (func (export "trap") unreachable)
            (func (export "complain_and_trap") (call $error (call $input)) unreachable)
            (func (export "gate") (result i32) (drop (call $gate)) (i32.const 0))
            (func (export "loop") (drop (call $gate)) (loop (br 0)))
            (func (export "with_parameter") (param i32)) (func (export "wide") (result i64) (i64.const 1))""";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    private Worker guest(int slots, int queue) {
        HostImport waits = new HostImport("test", "gate", FunctionType.of().returning(I32), frame -> {
            entered.countDown();
            try {
                while (gate.getCount() > 0 && !frame.instance().ending()) {
                    gate.await(1, java.util.concurrent.TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            frame.result(1);
        });
        return worker(WorkerBundle.read(Wat.module(GUEST), "guest"), WorkerSettings.DEFAULT.withSlots(slots, queue).withFunctions(List.of(waits)));
    }

    private static CallRequest request(String function) {
        return new CallRequest(function, new byte[0], LONG);
    }

    @Test
    void aGuestIsUsedAgainAfterAnAnswerAndThrownAwayAfterATrap() {
        Worker worker = guest(1, 10);

        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("2");
        assertThat(failure(worker.call("complain", bytes("no"), LONG)).message()).isEqualTo("no");
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("3");
        assertThat(failure(worker.call("trap", bytes(""), LONG)).kind()).isEqualTo(Failure.TRAPPED);
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
    }

    @Test
    void guestsThatNobodyUsesAreClosed() {
        Worker worker = guest(1, 10);
        text(worker.call("count", bytes(""), LONG));

        ((LoadedWorker) worker).closeIdle(System.nanoTime() - LONG.toNanos());
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("2");
        ((LoadedWorker) worker).closeIdle(System.nanoTime());
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
    }

    /** Some plug-ins give no memory back: they are replaced before it is too late. */
    @Test
    void aGuestThatOnlyGrowsIsReplacedBeforeItFails() {
        Worker worker = worker(Plugins.bundle("{\"wasm\":[{\"path\":\"g.wasm\"}],\"memory\":{\"max_pages\":64}}", Map.of("g.wasm", Wat.module("(memory (export \"memory\") 1)"
                + "(func (export \"grow\") (if (i32.eq (memory.grow (i32.const 8)) (i32.const -1)) (then unreachable)))"))), WorkerSettings.DEFAULT.withSlots(1, 10));

        for (int i = 0; i < 50; i++) {
            assertThat(worker.call("grow", bytes(""), LONG)).isInstanceOf(CallOutcome.Answer.class);
        }
    }

    @Test
    void theBuildWithVectorsIsTakenWhereTheyRun() {
        String says = KERNEL + "(memory (export \"memory\") 1) %s (func (export \"say\") (local $at i64) (local.set $at (call $alloc (i64.const 1))) "
                + "(call $store (local.get $at) (i32.const %d)) (call $output (local.get $at) (i64.const 1)))";
        Worker worker = worker(Plugins.bundle("{\"wasm\":[{\"path\":\"a.wasm\",\"simd\":\"b.wasm\"}]}", Map.of(
                "a.wasm", Wat.module(says.formatted("", (int) 'a')),
                "b.wasm", Wat.module(says.formatted("(func (drop (i32x4.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4))))", (int) 'b')))), WorkerSettings.DEFAULT);

        assertThat(text(worker.call("say", bytes(""), LONG))).isEqualTo(workers.simd() ? "b" : "a");
    }

    @Test
    void failuresAreOfTheirKinds() {
        Worker worker = guest(1, 10);

        assertThat(failure(worker.call("complain", bytes("{\"field\":\"B\",\"rule\":\"shape\",\"message\":\"B is wrong.\"}"), LONG)))
                .isEqualTo(new CallOutcome.Failed(Failure.BAD_INPUT, "B is wrong.", java.util.Optional.of("B"), java.util.Optional.of("shape")));
        assertThat(failure(worker.call("complain_and_trap", bytes("{\"field\":\"A\",\"message\":\"A is wrong.\"}"), LONG)).kind()).isEqualTo(Failure.BAD_INPUT);
        assertThat(failure(worker.call("complain", bytes("{\"message\":5}"), LONG)).kind()).isEqualTo(Failure.FAILED);
        assertThat(failure(worker.call("code", bytes(""), LONG)).message()).isEqualTo("Returned non-zero exit code: 5");
        for (String none : List.of("nothing", "with_parameter", "wide", "memory")) {
            assertThat(failure(worker.call(none, bytes(""), LONG)).kind()).isEqualTo(Failure.UNKNOWN_FUNCTION);
        }
        assertThat(worker.functions()).extracting(WorkerFunction::name).containsExactly("code", "complain", "complain_and_trap", "count", "echo", "gate", "loop", "trap");
    }

    @Test
    void inputsOfAllSizesComeBack() {
        Worker worker = guest(1, 10);
        for (int size : new int[] {0, 1, 15, 16, 65_000, 65_536, 1 << 20, 20 << 20}) {
            byte[] input = new byte[size];
            new java.util.Random(size).nextBytes(input);
            assertThat(((CallOutcome.Answer) worker.call("echo", input, LONG)).output()).isEqualTo(input);
        }
    }

    @Test
    void callsBeyondSlotsAndQueueAreTurnedAway() throws Exception {
        Worker worker = guest(1, 2);
        CompletableFuture<CallOutcome> first = worker.submit(request("gate"));
        entered.await();
        CompletableFuture<CallOutcome> second = worker.submit(request("count"));
        CompletableFuture<CallOutcome> third = worker.submit(request("count"));

        assertThat(failure(worker.call("count", bytes(""), LONG)).kind()).isEqualTo(Failure.BUSY);
        assertThat(worker.load()).isEqualTo(new Worker.Load(1, 1, 2));
        gate.countDown();
        assertThat(first.get()).isInstanceOf(CallOutcome.Answer.class);
        assertThat(text(second.get())).isEqualTo("1");
        assertThat(text(third.get())).isEqualTo("2");
    }

    @Test
    void slotsRunAtTheSameTime() throws Exception {
        Worker worker = guest(2, 0);
        CompletableFuture<CallOutcome> first = worker.submit(request("gate"));
        entered.await();

        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
        gate.countDown();
        assertThat(first.get()).isInstanceOf(CallOutcome.Answer.class);
    }

    @Test
    void aCallThatRunsIsCancelled() throws Exception {
        Worker worker = guest(1, 10);
        CompletableFuture<CallOutcome> running = worker.submit(request("loop"));
        entered.await();

        assertThat(running.cancel(true)).isTrue();

        assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
    }

    @Test
    void aCallThatWaitsIsTakenFromTheQueue() throws Exception {
        Worker worker = guest(1, 10);
        CompletableFuture<CallOutcome> running = worker.submit(request("gate"));
        entered.await();
        CompletableFuture<CallOutcome> waiting = worker.submit(request("count"));

        waiting.cancel(true);

        assertThat(worker.load().waiting()).isZero();
        gate.countDown();
        assertThat(running.get()).isInstanceOf(CallOutcome.Answer.class);
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
    }

    @Test
    void anInterruptedCallerTakesItsCallBack() throws Exception {
        Worker worker = guest(1, 10);
        AtomicReference<CallOutcome> outcome = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> outcome.set(worker.call("loop", bytes(""), LONG)));
        entered.await();

        caller.interrupt();
        caller.join();

        assertThat(failure(outcome.get()).kind()).isEqualTo(Failure.CANCELLED);
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
    }

    @Test
    void aCallIsEndedByItsOwnTimeOutAndTheWorkersLimit() {
        gate.countDown();
        Worker worker = guest(1, 10);

        assertThat(failure(worker.call("loop", bytes(""), Duration.ofMillis(30))).kind()).isEqualTo(Failure.TIMED_OUT);
        assertThat(text(worker.call("count", bytes(""), LONG))).isEqualTo("1");
        Worker short1 = worker(Plugins.bundle("{\"wasm\":[{\"path\":\"g.wasm\"}],\"timeout_ms\":30}", Map.of("g.wasm", Wat.module("(func (export \"loop\") (loop (br 0)))"))), WorkerSettings.DEFAULT);
        assertThat(failure(short1.call("loop", bytes(""), LONG)).message()).isEqualTo("timeout: it ran longer than 30 ms");
        Worker short2 = worker(WorkerBundle.read(Wat.module("(func (export \"loop\") (loop (br 0)))"), "g"), WorkerSettings.DEFAULT.withLimits(1 << 20, Duration.ofMillis(30)));
        assertThat(failure(short2.call("loop", bytes(""), LONG)).kind()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void waitingCountsForTheTimeOut() throws Exception {
        Worker worker = guest(1, 10);
        CompletableFuture<CallOutcome> running = worker.submit(request("gate"));
        entered.await();
        CompletableFuture<CallOutcome> late = worker.submit(new CallRequest("count", new byte[0], Duration.ofNanos(1)));
        gate.countDown();

        assertThat(running.get()).isInstanceOf(CallOutcome.Answer.class);
        assertThat(failure(late.get()).kind()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void closingEndsWhatRunsAndWhatWaits() throws Exception {
        Worker worker = guest(1, 10);
        CompletableFuture<CallOutcome> running = worker.submit(request("loop"));
        entered.await();
        CompletableFuture<CallOutcome> waiting = worker.submit(request("count"));

        worker.close();

        assertThat(failure(running.get()).kind()).isEqualTo(Failure.UNAVAILABLE);
        assertThat(failure(waiting.get()).kind()).isEqualTo(Failure.UNAVAILABLE);
        assertThat(failure(worker.call("count", bytes(""), LONG)).kind()).isEqualTo(Failure.UNAVAILABLE);
        worker.close();
    }

    @Test
    void sessionsAreGuestsOfTheirOwn() {
        Worker worker = guest(2, 10);
        try (WorkerSession one = worker.session(); WorkerSession two = worker.session()) {
            assertThat(call(one, "count", "")).isEqualTo("1");
            assertThat(call(one, "count", "")).isEqualTo("2");
            assertThat(call(two, "count", "")).isEqualTo("1");
            assertThat(failed(one, "trap", "").kind()).isEqualTo(Failure.TRAPPED);
            assertThat(call(one, "count", "")).isEqualTo("1");
        }
    }

    @Test
    void manyCallsOfManyThreadsAreAllAnswered() throws Exception {
        Worker worker = guest(2, 2000);
        gate.countDown();
        List<CompletableFuture<CallOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            calls.add(worker.submit(new CallRequest(i % 7 == 3 ? "trap" : "echo", bytes("call " + i), LONG)));
        }
        Set<String> answers = new HashSet<>();
        int trapped = 0;
        for (CompletableFuture<CallOutcome> call : calls) {
            if (call.get() instanceof CallOutcome.Answer answer) {
                answers.add(text(answer));
            } else {
                trapped++;
            }
        }
        assertThat(trapped).isEqualTo(286);
        assertThat(answers).hasSize(2000 - 286).contains("call 0", "call 1999");
    }

    @Test
    void aFunctionOfTheManifestMustBeThere() {
        assertThatThrownBy(() -> worker(Plugins.bundle("{\"wasm\":[{\"path\":\"g.wasm\"}],\"functions\":{\"multiply\":{}}}", Map.of("g.wasm", Wat.module("(func (export \"f\"))"))), WorkerSettings.DEFAULT))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields().getFirst().field()).isEqualTo("functions.multiply"));
        assertThatThrownBy(() -> worker(WorkerBundle.read(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 99}, "broken"), WorkerSettings.DEFAULT))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields().getFirst().rule()).isEqualTo("module"));
    }
}

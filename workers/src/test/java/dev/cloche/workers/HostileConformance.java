package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.wasm.Wat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers that mean harm: each is ended within its limits, and others do not notice. */
abstract class HostileConformance extends WorkersTestBase {
    private static final String IMPORTS = """
            (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64))) (import "extism:host/env" "free" (func $free (param i64)))
            (import "extism:host/env" "length" (func $length (param i64) (result i64)))
            (import "extism:host/env" "store_u8" (func $store8 (param i64 i32))) (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
            (import "extism:host/env" "load_u64" (func $load (param i64) (result i64)))
            (import "extism:host/env" "output_set" (func $output (param i64 i64))) (import "extism:host/env" "error_set" (func $error (param i64)))
            (import "extism:host/env" "var_set" (func $var_set (param i64 i64))) (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
            (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
            (import "extism:host/env" "log_error" (func $log (param i64))) (import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))
            (import "extism:host/env" "reset" (func $reset)) (import "extism:host/env" "input_set" (func $input_set (param i64 i64)))
            (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_readdir" (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            """;
    private static final String MEMORY = """
            (memory (export "memory") 2)
            (func $forever (call $forever) (call $forever))
            (func $key (result i64) (local $k i64) (local.set $k (call $alloc (i64.const 1))) (call $store8 (local.get $k) (i32.const 107)) (local.get $k))
            """;
    private static final WorkerSettings SETTINGS = WorkerSettings.DEFAULT.withLimits(64L << 20, Duration.ofMillis(500)).withSlots(1, 10);

    private Worker hostile(String body) {
        return hostile(body, SETTINGS);
    }

    private Worker hostile(String body, WorkerSettings settings) {
        return worker(WorkerBundle.read(Wat.module(IMPORTS + MEMORY + "(func (export \"go\") (local $a i64) (local $i i32) " + body + ")"), "hostile"), settings);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            an endless loop          | TIMED_OUT     | (loop (br 0))
            an endless recursion     | TRAPPED       | (call $forever)
            memory without end       | TIMED_OUT     | (loop (drop (memory.grow (i32.const 16))) (br 0))
            touched memory           | OUT_OF_MEMORY | (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable
            blocks without end       | OUT_OF_MEMORY | (loop (br_if 0 (i64.ne (call $alloc (i64.const 1000000)) (i64.const 0)))) unreachable
            a giant block            | OUT_OF_MEMORY | (if (i64.eqz (call $alloc (i64.const 4294967296))) (then unreachable))
            a block of all           | OUT_OF_MEMORY | (if (i64.eqz (call $alloc (i64.const -1))) (then unreachable))
            a forged key             | TRAPPED       | (drop (call $config_get (i64.const 12345)))
            a key outside            | TRAPPED       | (drop (call $var_get (i64.const -1)))
            a forged value           | TRAPPED       | (call $var_set (call $key) (i64.const 999999999999))
            a forged log line        | TRAPPED       | (call $log (i64.const 77))
            a giant log line         | TRAPPED       | (call $log (call $alloc (i64.const 30000000)))
            a giant key              | TRAPPED       | (drop (call $config_get (call $alloc (i64.const 30000000))))
            a giant variable         | TRAPPED       | (call $var_set (call $key) (call $alloc (i64.const 30000000)))
            a giant error            | FAILED        | (call $error (call $alloc (i64.const 30000000)))
            a variable too large     | TRAPPED       | (call $var_set (call $key) (call $alloc (i64.const 2000000)))
            variables without end    | TRAPPED       | (loop (local.set $a (call $alloc (i64.const 9))) (call $store (local.get $a) (i64.extend_i32_u (local.tee $i (i32.add (local.get $i) (i32.const 1))))) (call $store8 (i64.add (local.get $a) (i64.const 8)) (i32.const 65)) (call $var_set (local.get $a) (call $alloc (i64.const 10000))) (br 0))
            a request that is no text| TRAPPED       | (drop (call $http (call $alloc (i64.const 50)) (i64.const 0)))
            a forged body            | TRAPPED       | (drop (call $http (call $key) (i64.const 4)))
            chance without end       | TIMED_OUT     | (loop (drop (call $random (i32.const 0) (i32.const 131072))) (br 0))
            sleep without end        | TIMED_OUT     | (loop (i64.store (i32.const 24) (i64.const -2)) (drop (call $poll (i32.const 0) (i32.const 1000) (i32.const 1) (i32.const 2000))) (br 0))
            words without end        | TIMED_OUT     | (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 60000)) (loop (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 50))) (br 0))
            lines without end        | TIMED_OUT     | (loop (call $log (call $key)) (br 0))
            """)
    void isEndedWithinItsLimits(String what, Failure kind, String body) {
        // only what has no other end meets the time-out
        Worker worker = hostile(body, kind == Failure.TIMED_OUT ? SETTINGS : SETTINGS.withLimits(64L << 20, LONG));
        long started = System.nanoTime();

        CallOutcome.Failed failed = failure(worker.call("go", bytes("input"), LONG));

        assertThat(failed.kind()).as(failed.message()).isEqualTo(kind);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(LONG);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            outputs outside          | (call $output (i64.const 100) (i64.const 5)) (call $output (i64.const 300) (i64.const -5)) (call $output (i64.const -9) (i64.const 100)) (call $output (i64.const 256) (i64.const 4294967296))
            stores outside           | (call $store (i64.const -1) (i64.const 1)) (call $store (i64.const 0) (i64.const 1)) (call $store (i64.const 4294967297) (i64.const 1)) (call $store8 (i64.const 65536) (i32.const 1))
            blocks freed twice       | (local.set $a (call $alloc (i64.const 100))) (call $free (local.get $a)) (call $free (local.get $a)) (call $free (i64.const 5)) (call $free (i64.const -16))
            errors outside           | (call $error (i64.const -1)) (call $error (i64.const 5)) (call $error (i64.const 0))
            a memory set back        | (call $store (call $alloc (i64.const 64)) (i64.const -1)) (call $reset) (call $input_set (i64.const 1) (i64.const -1)) (call $reset)
            vectors outside          | (i32.store (i32.const 0) (i32.const -8)) (i32.store (i32.const 4) (i32.const 100)) (if (i32.ne (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 50)) (i32.const 21)) (then unreachable))
            vectors past the end     | (if (i32.ne (call $fd_write (i32.const 1) (i32.const 131070) (i32.const 9) (i32.const 50)) (i32.const 21)) (then unreachable))
            chance outside           | (if (i32.ne (call $random (i32.const 131000) (i32.const 1000)) (i32.const 21)) (then unreachable))
            descriptors that are none| (if (i32.ne (call $readdir (i32.const 3) (i32.const 0) (i32.const 100) (i64.const 0) (i32.const 0)) (i32.const 8)) (then unreachable))
            a root that was not granted | (if (i32.ne (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 0)) (i32.const 8)) (then unreachable))
            """)
    void meansNothing(String what, String body) {
        Worker worker = hostile(body);

        for (int i = 0; i < 3; i++) {
            assertThat(worker.call("go", bytes("input"), LONG)).isInstanceOfSatisfying(CallOutcome.Answer.class, answer -> assertThat(answer.output()).isEmpty());
        }
    }

    @Test
    void aFloodOfLinesIsDropped() {
        AtomicInteger lines = new AtomicInteger();
        Worker worker = worker(WorkerBundle.read(Wat.module(IMPORTS + MEMORY + """
                (func (export "go") (local $i i32) (loop (call $log (call $key)) (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000)))))"""), "hostile"),
                WorkerSettings.DEFAULT.withLog(line -> lines.incrementAndGet()));

        assertThat(worker.call("go", bytes(""), LONG)).isInstanceOf(CallOutcome.Answer.class);
        assertThat(lines.get()).isEqualTo(1001);
        assertThat(worker.call("go", bytes(""), LONG)).isInstanceOf(CallOutcome.Answer.class);
        assertThat(lines.get()).isEqualTo(2002);
    }

    /** The request is a text in the guest's memory, copied into a block. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1:1/            | is not allowed
            http://169.254.169.254/latest  | is not allowed
            file:///etc/passwd             | is no http or https URL
            http://example.org@127.0.0.1/  | is no http or https URL
            ftp://example.org/             | is no http or https URL
            //example.org                  | is no http or https URL
            http://exa mple.org            | Invalid URL
            http://example.org.evil.com/   | is not allowed
            """)
    void forbiddenHostsAreNotAsked(String url, String message) {
        byte[] request = bytes("{\"url\":\"" + url + "\"}");
        StringBuilder data = new StringBuilder();
        for (byte one : request) {
            data.append(String.format("\\%02x", one));
        }
        byte[] module = Wat.module(IMPORTS + "(memory (export \"memory\") 1) (data (i32.const 0) \"" + data + "\") (func (export \"go\") (local $b i64) (local $i i32) "
                + "(local.set $b (call $alloc (i64.const " + request.length + "))) (loop (call $store8 (i64.add (local.get $b) (i64.extend_i32_u (local.get $i))) (i32.load8_u (local.get $i))) "
                + "(br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const " + request.length + ")))) (drop (call $http (local.get $b) (i64.const 0))))");
        Worker worker = worker(Plugins.bundle("{\"wasm\":[{\"path\":\"g.wasm\"}],\"allowed_hosts\":[\"example.org\"]}", Map.of("g.wasm", module)),
                WorkerSettings.DEFAULT.withHosts(List.of("*"), false));

        assertThat(failure(worker.call("go", bytes(""), LONG)).message()).contains(message);
    }

    /** One worker's guests are ended again and again while another answers; what that one takes is compared with itself alone. */
    @Test
    void aNeighbourAnswersAllTheWhile() throws Exception {
        Worker neighbour = worker(Plugins.bundle("count_vowels"), WorkerSettings.DEFAULT.withSlots(1, 10));
        List<Worker> hostile = List.of(hostile("(loop (br 0))"), hostile("(loop (drop (memory.grow (i32.const 16))) (br 0))"), hostile("(call $forever)"));
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> attackers = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        for (Worker one : hostile) {
            attackers.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    if (one.call("go", bytes(""), Duration.ofMillis(20)) instanceof CallOutcome.Failed) {
                        ended.incrementAndGet();
                    }
                }
            }));
        }

        long[] took = new long[300];
        for (int i = 0; i < took.length || ended.get() < 20; i++) {
            long started = System.nanoTime();
            assertThat(text(neighbour.call("count_vowels", bytes("aaa"), LONG))).isEqualTo("{\"count\":3,\"total\":3,\"vowels\":\"aeiouAEIOU\"}");
            took[i % took.length] = System.nanoTime() - started;
        }
        over.set(true);
        for (Thread attacker : attackers) {
            attacker.join();
        }

        Arrays.sort(took);
        assertThat(Duration.ofNanos(took[took.length * 99 / 100])).isLessThan(Duration.ofSeconds(5));
    }
}

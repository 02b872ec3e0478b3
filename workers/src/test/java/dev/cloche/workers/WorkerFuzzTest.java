package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.Engines;
import dev.cloche.wasm.GuestThread;
import dev.cloche.wasm.MutatedBytes;
import dev.cloche.wasm.Wat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bytes from outside as workers: refused, or run within their limits. -Dcloche.fuzz=N sets the rounds. */
class WorkerFuzzTest {
    private static final int ROUNDS = Integer.getInteger("cloche.fuzz", 2_000);
    private static final Duration BRIEFLY = Duration.ofMillis(10);
    private static final WorkerSettings TIGHT = WorkerSettings.DEFAULT.withLimits(2L << 20, BRIEFLY).withSlots(1, 0);
    private static final List<byte[]> SEEDS = List.of(
            Plugins.module("hello"), Plugins.module("echo"), Plugins.module("upper"), Plugins.module("fail"), Plugins.module("input_offset"), Plugins.module("allocations"),
            Wat.module("""
                    (import "extism:host/env" "var_set" (func $set (param i64 i64))) (import "extism:host/env" "var_get" (func $get (param i64) (result i64)))
                    (import "extism:host/env" "input_offset" (func $input (result i64))) (import "extism:host/env" "output_set" (func $output (param i64 i64)))
                    (import "extism:host/env" "length" (func $length (param i64) (result i64))) (import "extism:host/env" "error_set" (func $error (param i64)))
                    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))) (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32))) (memory (export "memory") 1)
                    (func (export "a") (result i32) (call $set (call $input) (i64.const 0)) (call $output (call $get (call $input)) (call $length (call $input))) (i32.const 0))
                    (func (export "b") (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))) (drop (call $args (i32.const 64) (i32.const 128))) (call $error (call $input)) (call $exit (i32.const 3)))"""),
            Wat.module("(import \"wasi_snapshot_preview1\" \"fd_read\" (func $read (param i32 i32 i32 i32) (result i32))) (memory (export \"memory\") 1) (func (export \"_start\") (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))))"));

    @Test
    void wasmtimeRefusesOrRunsWhatItIsGiven() {
        try (Engine engine = Engines.wasmtime(WorkersTestBase.settings(Optional.empty()))) {
            assertThat(fuzz(engine, ROUNDS)).isPositive();
        }
    }

    @Test
    void endiveRefusesOrRunsWhatItIsGiven() {
        try (Engine engine = Engines.endive(WorkersTestBase.settings(Optional.empty()))) {
            assertThat(fuzz(engine, ROUNDS / 10)).isPositive();
        }
    }

    /** How many of the workers were valid. */
    static int fuzz(Engine engine, int rounds) {
        try (Workers workers = new Workers(engine)) {
            return GuestThread.call("fuzz", () -> {
                int valid = 0;
                for (int round = 0; round < rounds; round++) {
                    valid += one(workers, MutatedBytes.of(SEEDS, round)) ? 1 : 0;
                    if (round > 0 && round % 500_000 == 0) {
                        System.out.println("event=fuzz rounds=" + round + " valid=" + valid);
                    }
                }
                return valid;
            });
        }
    }

    private static boolean one(Workers workers, byte[] bytes) {
        try (Worker worker = workers.open(WorkerBundle.read(bytes, "fuzz"), TIGHT)) {
            LoadedWorker loaded = (LoadedWorker) worker;
            for (WorkerFunction function : worker.functions()) {
                try (Guest guest = loaded.guest()) {
                    assertThat(guest.call(function.name(), new byte[] {1, 2, 3}, BRIEFLY).outcome()).isNotNull();
                }
            }
            return true;
        } catch (Problem refused) {
            return false;
        }
    }
}

package dev.cloche.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes from outside: refused, or run within their limits; never the end of the process. -Dcloche.fuzz=N sets the rounds. */
@ExtendWith(OnGuestThread.class)
class ModuleFuzzTest {
    private static final int ROUNDS = Integer.getInteger("cloche.fuzz", 3_000);
    private static final Limits TIGHT = new Limits(4 << 20, 1000, Duration.ofMillis(10));
    private static final List<byte[]> SEEDS = List.of(
            Wat.module("""
                    (import "host" "f" (func $f (param i32 i64) (result i32))) (memory (export "memory") 1 4) (table 4 8 funcref) (elem (i32.const 1) $a $b)
                    (global $g (mut i32) (i32.const 1024)) (data (i32.const 8) "hello, world") (data $p "passive")
                    (func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))) (func $b (result f64) (f64.sqrt (f64.const 2)))
                    (func (export "go") (param i32) (result i32) (local i32 i64 f64)
                      (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (i32.store (i32.const 16) (local.get 1)) (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
                      (memory.init $p (i32.const 0) (i32.const 0) (i32.const 7)) (memory.copy (i32.const 100) (i32.const 0) (i32.const 50))
                      (drop (call $f (local.get 1) (i64.const 5))) (drop (call_indirect (result f64) (i32.const 2))) (block (br_table 0 0 (local.get 0))) (call_indirect (param i32) (result i32) (local.get 1) (i32.const 1)))"""),
            Wat.module("(type (func (param i32 i32) (result i32 i64))) (func (type 0) (local.get 0) (i64.extend_i32_s (local.get 1))) (export \"m\" (func 0)) (func $s (nop)) (start $s) (memory 0) (export \"memory\" (memory 0))"),
            Wat.module(""));

    @Test
    void wasmtimeRefusesOrRunsWhatItIsGiven() {
        try (Engine engine = Engines.wasmtime(EngineSettings.of(Optional.of(Wat.LIBRARIES), Optional.empty()))) {
            assertThat(fuzz(engine, ROUNDS)).isPositive();
        }
    }

    @Test
    void endiveRefusesOrRunsWhatItIsGiven() {
        try (Engine engine = Engines.endive(EngineSettings.of(Optional.empty(), Optional.empty()))) {
            assertThat(fuzz(engine, ROUNDS / 3)).isPositive();
        }
    }

    /** How many of the modules were valid. */
    private static int fuzz(Engine engine, int rounds) {
        int valid = 0;
        try (HostImports imports = engine.imports(List.of(new HostImport("host", "f",
                FunctionType.of(ValueType.I32, ValueType.I64).returning(ValueType.I32), frame -> frame.result(frame.i32(0)))))) {
            for (int round = 0; round < rounds; round++) {
                valid += one(engine, imports, MutatedBytes.of(SEEDS, round)) ? 1 : 0;
            }
        }
        return valid;
    }

    private static boolean one(Engine engine, HostImports imports, byte[] bytes) {
        try (CompiledModule module = engine.compile(bytes); Template template = imports.link(module); Instance instance = template.instantiate(TIGHT, "none")) {
            for (Export export : module.exports()) {
                if (export.type() instanceof FunctionType type && type.crosses()) {
                    instance.call(export.name()).run();
                }
            }
            return true;
        } catch (InvalidModule | UnmetImports refused) {
            return false;
        } catch (LimitExceeded | Trap ended) {
            return true;
        }
    }
}

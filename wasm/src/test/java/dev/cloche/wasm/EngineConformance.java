package dev.cloche.wasm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every engine must do. */
@ExtendWith(OnGuestThread.class)
abstract class EngineConformance {
    private static final Object NO_CONTEXT = "none";
    private static final Limits SMALL = new Limits(1 << 20, 100, Duration.ofMinutes(3));

    @TempDir Path folder;
    private Engine engine;
    private final List<AutoCloseable> toClose = new ArrayList<>();

    abstract Engine open(EngineSettings settings);

    @BeforeEach
    void openEngine() {
        engine = open(EngineSettings.of(Optional.of(Wat.LIBRARIES), Optional.of(folder)));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
        engine.close();
    }

    private Template template(String text, HostImport... functions) {
        CompiledModule module = keep(engine.compile(Wat.module(text)));
        return keep(keep(engine.imports(List.of(functions))).link(module));
    }

    private Instance instance(String text, HostImport... functions) {
        return keep(template(text, functions).instantiate(SMALL, NO_CONTEXT));
    }

    private <T extends AutoCloseable> T keep(T one) {
        toClose.add(one);
        return one;
    }

    private static HostImport host(FunctionType type, HostFunction function) {
        return new HostImport("host", "f", type, function);
    }

    private static Trap.Kind trapOf(Call call) {
        Trap trap = catchThrowableOfType(Trap.class, call::run);
        assertThat(trap).isNotNull();
        return trap.kind();
    }

    // ---- calls

    @Test
    void anExportedFunctionIsCalledWithItsArguments() {
        Instance instance = instance("""
                (func (export "sub") (param i32 i64) (result i64) (i64.sub (local.get 1) (i64.extend_i32_s (local.get 0))))""");

        Call sub = instance.call("sub").i32(0, 58).i64(1, 100);
        sub.run();

        assertThat(sub.i64()).isEqualTo(42);
        assertThat(sub.type().text()).isEqualTo("(func (param i32 i64) (result i64))");
    }

    @Test
    void negativeNumbersAndTheLargestOnesCross() {
        Instance instance = instance("""
                (import "host" "f" (func $f (param i32 i64) (result i64)))
                (func (export "go") (param i32 i64) (result i64) (call $f (local.get 0) (local.get 1)))""",
                host(FunctionType.of(ValueType.I32, ValueType.I64).returning(ValueType.I64), frame -> {
                    assertThat(frame.u32(0)).isEqualTo(0xffff_fffeL);
                    frame.result(frame.i32(0) + frame.i64(1));
                }));

        Call go = instance.call("go").i32(0, -2).i64(1, Long.MIN_VALUE + 2);
        go.run();

        assertThat(go.i64()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void anI32ResultOfTheHostArrivesAsIs() {
        Instance instance = instance("""
                (import "host" "f" (func $f (result i32)))
                (func (export "go") (result i64) (i64.extend_i32_u (call $f)))""",
                host(FunctionType.of().returning(ValueType.I32), frame -> frame.result(-1)));

        Call go = instance.call("go");
        go.run();

        assertThat(go.i64()).isEqualTo(0xffff_ffffL);
    }

    @Test
    void floatsCrossBitForBit() {
        Instance instance = instance("""
                (import "host" "f" (func $f (param f32 f64) (result f64)))
                (func (export "f64") (param f64) (result f64) (local.get 0))
                (func (export "f32") (param f32) (result f32) (local.get 0))
                (func (export "bits") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
                (func (export "host") (param f32 f64) (result f64) (call $f (local.get 0) (local.get 1)))""",
                host(FunctionType.of(ValueType.F32, ValueType.F64).returning(ValueType.F64), frame -> frame.result(0, frame.f64(1))));

        for (long bits : new long[] {0, 1L << 63, 1, 0x7ff0_0000_0000_0000L, 0x7ff8_0000_0000_0001L, 0xfff8_1234_5678_9abcL, Double.doubleToRawLongBits(Math.PI)}) {
            double value = Double.longBitsToDouble(bits);
            Call same = instance.call("f64").f64(0, value);
            same.run();
            assertThat(Double.doubleToRawLongBits(same.f64(0))).isEqualTo(bits);
            Call inside = instance.call("bits").f64(0, value);
            inside.run();
            assertThat(inside.i64()).isEqualTo(bits);
            Call through = instance.call("host").f32(0, 1).f64(1, value);
            through.run();
            assertThat(Double.doubleToRawLongBits(through.f64(0))).isEqualTo(bits);
        }
        for (int bits : new int[] {0, 1 << 31, 0x7fc0_0001, 0xffc1_2345, Float.floatToRawIntBits(1.5f)}) {
            Call same = instance.call("f32").f32(0, Float.intBitsToFloat(bits));
            same.run();
            assertThat(Float.floatToRawIntBits(same.f32(0))).isEqualTo(bits);
        }
    }

    @Test
    void severalResultsComeBackInOrder() {
        Instance instance = instance("""
                (import "host" "f" (func $f (param i32 i32) (result i64 i32)))
                (func (export "go") (param i32 i32) (result i32 i64) (local i32) (call $f (local.get 0) (local.get 1)) (local.set 2) (local.set 0 (i32.wrap_i64)) (local.get 2) (i64.extend_i32_s (local.get 0)))""",
                host(FunctionType.of(ValueType.I32, ValueType.I32).returning(ValueType.I64, ValueType.I32), frame -> {
                    int first = frame.i32(0);
                    int second = frame.i32(1);
                    frame.result(0, (long) first);
                    frame.result(1, second);
                }));

        Call go = instance.call("go").i32(0, 7).i32(1, 9);
        go.run();

        assertThat(go.i32(0)).isEqualTo(9);
        assertThat(go.i64(1)).isEqualTo(7);
    }

    @Test
    void aCallIsRunAgain() {
        Instance instance = instance("(global $n (mut i32) (i32.const 0)) (func (export \"next\") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))");
        Call next = instance.call("next");

        next.run();
        next.run();

        assertThat(next.i32()).isEqualTo(2);
    }

    @Test
    void anExportThatIsNoFunctionOrNotThereIsNamed() {
        Instance instance = instance("(memory (export \"memory\") 1) (func (export \"v\") (param v128))".replace("(func (export \"v\") (param v128))", ""));

        assertThatIllegalArgumentException().isThrownBy(() -> instance.call("memory")).withMessageContaining("no function memory");
        assertThatIllegalArgumentException().isThrownBy(() -> instance.call("nothing")).withMessageContaining("no function nothing");
    }

    @Test
    void anArgumentBeyondTheSignatureIsRefused() {
        Instance instance = instance("(func (export \"f\") (param i32))");

        assertThatThrownBy(() -> instance.call("f").i32(1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theStartFunctionRunsBeforeAnythingElse() {
        Instance instance = instance("(global $n (mut i32) (i32.const 0)) (func $s (global.set $n (i32.const 5))) (start $s) (func (export \"n\") (result i32) (global.get $n))");

        Call n = instance.call("n");
        n.run();

        assertThat(n.i32()).isEqualTo(5);
    }

    // ---- borders

    @Test
    void importsAndExportsAreListedWithTheirSignatures() {
        CompiledModule module = keep(engine.compile(Wat.module("""
                (import "a_1.0" "x" (func (param i32 f64) (result i64)))
                (import "a_1.0" "y" (func))
                (func (export "__b__") (param f32)) (func (export "__a__") (result i32) (i32.const 1))
                (export "again" (func 0)) (memory (export "memory") 3) (global (export "g") i32 (i32.const 1)) (table (export "t") 1 funcref)""")));

        assertThat(module.imports()).containsExactly(
                new Import("a_1.0", "x", FunctionType.of(ValueType.I32, ValueType.F64).returning(ValueType.I64)),
                new Import("a_1.0", "y", FunctionType.of()));
        assertThat(module.exports()).containsExactly(
                new Export("__b__", FunctionType.of(ValueType.F32)),
                new Export("__a__", FunctionType.of().returning(ValueType.I32)),
                new Export("again", FunctionType.of(ValueType.I32, ValueType.F64).returning(ValueType.I64)),
                new Export("memory", new ExternType.Memory(3)),
                new Export("g", ExternType.Other.GLOBAL),
                new Export("t", ExternType.Other.TABLE));
    }

    @Test
    void everyMissingOrMistypedImportIsNamed() {
        CompiledModule module = keep(engine.compile(Wat.module("""
                (import "host" "f" (func (param i64))) (import "wasi_snapshot_preview1" "fd_write" (func (param i32))) (import "env" "m" (memory 1))""")));
        HostImports imports = keep(engine.imports(List.of(host(FunctionType.of(ValueType.I32).returning(ValueType.I32), frame -> { }))));

        assertThatThrownBy(() -> imports.link(module)).isInstanceOf(UnmetImports.class).hasMessage("""
                incompatible import type for `host::f`: types incompatible: expected type `(func (param i64))`, found type `(func (param i32) (result i32))`
                unknown import: `wasi_snapshot_preview1::fd_write` has not been defined
                unknown import: `env::m` has not been defined""");
    }

    @Test
    void twoFunctionsOfOneNameAreRefused() {
        HostImport one = host(FunctionType.of(), frame -> { });

        assertThatIllegalArgumentException().isThrownBy(() -> engine.imports(List.of(one, one))).withMessageContaining("host::f");
    }

    @Test
    void whatIsNoModuleIsRefused() {
        for (byte[] bytes : List.of(new byte[0], "hello".getBytes(StandardCharsets.UTF_8), new byte[] {0, 'a', 's', 'm', 2, 0, 0, 0},
                new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 0})) {
            assertThatThrownBy(() -> engine.compile(bytes)).isInstanceOf(InvalidModule.class).message().isNotBlank();
        }
        // a function that leaves an i32 where none is declared
        byte[] wrong = Wat.module("(func i32.const 1 drop)");
        wrong[wrong.length - 2] = 1; // nop for drop
        assertThatThrownBy(() -> engine.compile(wrong)).isInstanceOf(InvalidModule.class);
    }

    @Test
    void aModuleAboveTheLimitIsRefused() {
        try (Engine strict = open(new EngineSettings(Optional.of(Wat.LIBRARIES), Optional.empty(), 0, 20))) {
            assertThatThrownBy(() -> strict.compile(new byte[21])).isInstanceOf(InvalidModule.class).hasMessageContaining("the limit is 20");
        }
    }

    // ---- traps

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UNREACHABLE | unreachable
            OUT_OF_BOUNDS | (drop (i32.load (i32.const 65536)))
            OUT_OF_BOUNDS | (i64.store offset=4294967295 (i32.const -1) (i64.const 0))
            OUT_OF_BOUNDS | (memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))
            OUT_OF_BOUNDS | (memory.copy (i32.const 0) (i32.const 65530) (i32.const 7))
            ARITHMETIC | (drop (i32.div_s (i32.const 1) (i32.const 0)))
            ARITHMETIC | (drop (i64.rem_u (i64.const 1) (i64.const 0)))
            ARITHMETIC | (drop (i32.div_s (i32.const -2147483648) (i32.const -1)))
            ARITHMETIC | (drop (i32.trunc_f64_s (f64.const 1e300)))
            ARITHMETIC | (drop (i32.trunc_f32_u (f32.const nan)))
            BAD_CALL | (call_indirect (i32.const 0))
            BAD_CALL | (call_indirect (i32.const 1))
            OUT_OF_BOUNDS | (call_indirect (i32.const 2))
            STACK_OVERFLOW | (call $deep)
            """)
    void aTrapHasItsKindAndCostsThatCallOnly(Trap.Kind kind, String body) {
        Instance instance = instance("""
                (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 1) $other)
                (func $other (param i32)) (func $deep (call $deep))
                (func (export "bad") %s) (func (export "good") (result i32) (i32.const 3))""".formatted(body));

        for (int i = 0; i < 50; i++) {
            assertThat(trapOf(instance.call("bad"))).isEqualTo(kind);
        }

        Call good = instance("(func (export \"good\") (result i32) (i32.const 3))").call("good");
        good.run();
        assertThat(good.i32()).isEqualTo(3);
    }

    @Test
    void aStartFunctionThatTrapsMakesNoInstance() {
        Template template = template("(func $s unreachable) (start $s)");

        assertThatThrownBy(() -> template.instantiate(SMALL, NO_CONTEXT)).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.UNREACHABLE));
    }

    @Test
    void initialContentOutsideTheMemoryMakesNoInstance() {
        Template template = template("(memory 1) (data (i32.const 65536) \"x\")");

        assertThatThrownBy(() -> template.instantiate(SMALL, NO_CONTEXT)).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_BOUNDS));
    }

    // ---- memory and limits

    @Test
    void theHostReadsAndWritesTheGuestsMemory() {
        Instance instance = instance("""
                (memory (export "memory") 1) (data (i32.const 100) "h\\c3\\a9llo")
                (func (export "sum") (result i32) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 4))))""");

        instance.memory().set(JAVA_INT_UNALIGNED, 0, 40);
        instance.memory().set(JAVA_INT_UNALIGNED, 4, 2);
        Call sum = instance.call("sum");
        sum.run();

        assertThat(sum.i32()).isEqualTo(42);
        assertThat(new String(instance.memory().asSlice(100, 6).toArray(JAVA_BYTE), StandardCharsets.UTF_8)).isEqualTo("héllo");
        assertThat(instance.memory().byteSize()).isEqualTo(65_536);
        assertThatThrownBy(() -> instance.memory().get(JAVA_BYTE, 65_536)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void memoryGrowsUpToTheLimitAndKeepsItsContent() {
        Instance instance = instance("""
                (memory (export "memory") 1) (data (i32.const 9) "x")
                (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))""");
        Call grow = instance.call("grow");

        grow.i32(0, 2).run();
        assertThat(grow.i32()).isEqualTo(1);
        assertThat(instance.memory().byteSize()).isEqualTo(3 * 65_536);
        assertThat(instance.memory().get(JAVA_BYTE, 9)).isEqualTo((byte) 'x');
        assertThat(instance.memory().get(JAVA_BYTE, 3 * 65_536 - 1)).isZero();

        grow.i32(0, 14).run();
        assertThat(grow.i32()).isEqualTo(-1);
        assertThat(instance.growMemory(13)).isTrue();
        assertThat(instance.growMemory(1)).isFalse();
        assertThat(instance.memory().byteSize()).isEqualTo(1 << 20);
    }

    @Test
    void aHostFunctionSeesTheMemoryAsLargeAsItIsNow() {
        List<Long> sizes = new ArrayList<>();
        Instance instance = instance("""
                (import "host" "f" (func $f)) (memory (export "memory") 1)
                (func (export "go") (call $f) (drop (memory.grow (i32.const 1))) (i32.store8 (i32.const 65536) (i32.const 7)) (call $f))""",
                host(FunctionType.of(), frame -> {
                    MemorySegment memory = frame.memory();
                    sizes.add(memory.byteSize());
                    if (memory.byteSize() > 65_536) {
                        assertThat(memory.get(JAVA_BYTE, 65_536)).isEqualTo((byte) 7);
                    }
                }));

        instance.call("go").run();

        assertThat(sizes).containsExactly(65_536L, 131_072L);
    }

    @Test
    void tablesGrowUpToTheLimit() {
        Instance instance = instance("(table $t 90 funcref) (func (export \"grow\") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0)))");
        Call grow = instance.call("grow");

        grow.i32(0, 11).run();
        assertThat(grow.i32()).isEqualTo(-1);
        grow.i32(0, 10).run();
        assertThat(grow.i32()).isEqualTo(90);
    }

    @Test
    void aModuleThatWantsMoreThanItsLimitsFromTheStartIsRefused() {
        Template memory = template("(memory 17)");
        Template table = template("(table 101 funcref)");

        assertThatThrownBy(() -> memory.instantiate(SMALL, NO_CONTEXT)).isInstanceOf(LimitExceeded.class).hasMessageContaining("1114112 bytes").hasMessageContaining("1048576");
        assertThatThrownBy(() -> table.instantiate(SMALL, NO_CONTEXT)).isInstanceOf(LimitExceeded.class).hasMessageContaining("101 elements");
    }

    @Test
    void bulkMemoryMovesOverlappingContent() {
        Instance instance = instance("""
                (memory (export "memory") 1) (data $d "0123456789")
                (func (export "go") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 10)) (data.drop $d)
                  (memory.copy (i32.const 2) (i32.const 0) (i32.const 8)) (memory.fill (i32.const 10) (i32.const 0x2a) (i32.const 3)))""");

        instance.call("go").run();

        assertThat(new String(instance.memory().asSlice(0, 13).toArray(JAVA_BYTE), StandardCharsets.US_ASCII)).isEqualTo("0101234567***");
    }

    @Test
    void twoInstancesKnowNothingOfEachOther() {
        Template template = template("""
                (memory (export "memory") 1) (global $n (mut i32) (i32.const 0)) (data (i32.const 0) "a")
                (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))""");
        Instance one = keep(template.instantiate(SMALL, NO_CONTEXT));
        Instance two = keep(template.instantiate(SMALL, NO_CONTEXT));

        one.memory().set(JAVA_BYTE, 0, (byte) 'b');
        one.call("next").run();
        Call next = two.call("next");
        next.run();

        assertThat(next.i32()).isEqualTo(1);
        assertThat(two.memory().get(JAVA_BYTE, 0)).isEqualTo((byte) 'a');
    }

    // ---- host functions

    @Test
    void aHostFunctionKnowsWhoCalls() {
        HostImports imports = keep(engine.imports(List.of(host(FunctionType.of().returning(ValueType.I32), frame -> frame.result(frame.context(Integer.class))))));
        CompiledModule module = keep(engine.compile(Wat.module("(import \"host\" \"f\" (func $f (result i32))) (func (export \"go\") (result i32) (call $f))")));
        Template template = keep(imports.link(module));
        Call one = keep(template.instantiate(SMALL, 1)).call("go");
        Call two = keep(template.instantiate(SMALL, 2)).call("go");

        one.run();
        two.run();

        assertThat(one.i32()).isEqualTo(1);
        assertThat(two.i32()).isEqualTo(2);
    }

    @Test
    void whatAHostFunctionThrowsArrivesUnchanged() {
        RuntimeException thrown = new IllegalStateException("no such table");
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f) unreachable)",
                host(FunctionType.of(), frame -> {
                    throw thrown;
                }));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(instance.call("go")::run).isInstanceOf(HostFailure.class).satisfies(failure -> assertThat(failure.getCause()).isSameAs(thrown));
        }
    }

    @Test
    void anErrorOfTheHostArrivesToo() {
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f))",
                host(FunctionType.of(), frame -> {
                    throw new AssertionError("mine");
                }));

        assertThatThrownBy(instance.call("go")::run).isInstanceOf(HostFailure.class).cause().isInstanceOf(AssertionError.class).hasMessage("mine");
    }

    @Test
    void aFrameIsOfNoUseAfterItsCall() {
        AtomicReference<Frame> kept = new AtomicReference<>();
        Instance instance = instance("(import \"host\" \"f\" (func $f (param i32))) (func (export \"go\") (call $f (i32.const 1)))",
                host(FunctionType.of(ValueType.I32), kept::set));

        instance.call("go").run();

        assertThatThrownBy(() -> kept.get().i32(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void hostAndGuestCallEachOtherInTurn() {
        // factorial: each step goes through the host
        Instance instance = instance("""
                (import "host" "f" (func $f (param i64) (result i64)))
                (func (export "fac") (param i64) (result i64)
                  (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1)) (else (i64.mul (local.get 0) (call $f (i64.sub (local.get 0) (i64.const 1)))))))""",
                host(FunctionType.of(ValueType.I64).returning(ValueType.I64), frame -> {
                    Call inner = frame.instance().call("fac").i64(0, frame.i64(0));
                    inner.run();
                    frame.result(inner.i64());
                }));

        Call fac = instance.call("fac").i64(0, 20);
        fac.run();

        assertThat(fac.i64()).isEqualTo(2_432_902_008_176_640_000L);
    }

    @Test
    void aTrapDeepInsideGoesThroughTheHostAsItIs() {
        Instance instance = instance("""
                (import "host" "f" (func $f)) (func (export "outer") (call $f)) (func (export "inner") unreachable)""",
                host(FunctionType.of(), frame -> frame.instance().call("inner").run()));

        assertThat(trapOf(instance.call("outer"))).isEqualTo(Trap.Kind.UNREACHABLE);
    }

    @Test
    void endlessRecursionThroughTheHostEndsAsATrap() {
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f))",
                host(FunctionType.of(), frame -> frame.instance().call("go").run()));

        Throwable end = catchThrowableOfType(RuntimeException.class, instance.call("go")::run);

        assertThat(end).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.STACK_OVERFLOW));
    }

    @Test
    void oneInstanceMayCallAnother() {
        Instance callee = instance("(func (export \"twice\") (param i32) (result i32) (i32.mul (i32.const 2) (local.get 0)))");
        Instance caller = instance("(import \"host\" \"f\" (func $f (param i32) (result i32))) (memory (export \"memory\") 2) (func (export \"go\") (result i32) (call $f (i32.const 21)))",
                host(FunctionType.of(ValueType.I32).returning(ValueType.I32), frame -> {
                    Call twice = callee.call("twice").i32(0, frame.i32(0));
                    twice.run();
                    assertThat(frame.memory().byteSize()).isEqualTo(131_072);
                    frame.result(twice.i32());
                }));

        Call go = caller.call("go");
        go.run();

        assertThat(go.i32()).isEqualTo(42);
    }

    // ---- time

    @Test
    void anEndlessLoopIsEndedByItsTimeOut() {
        Instance instance = instance("(func (export \"go\") (loop (br 0)))");

        long started = System.nanoTime();
        assertThatThrownBy(() -> instance.call("go").run(Duration.ofMillis(30))).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
        assertThat(System.nanoTime() - started).isGreaterThan(30_000_000);
    }

    @Test
    void theTimeOutOfTheLimitsHolds() {
        Instance instance = keep(template("(func (export \"go\") (loop (br 0)))").instantiate(new Limits(0, 0, Duration.ofMillis(20)), NO_CONTEXT));

        assertThat(trapOf(instance.call("go"))).isEqualTo(Trap.Kind.INTERRUPTED);
    }

    @Test
    void anEndlessStartFunctionIsEnded() {
        Template template = template("(func $s (loop (br 0))) (start $s)");

        assertThatThrownBy(() -> template.instantiate(new Limits(0, 0, Duration.ofMillis(20)), NO_CONTEXT))
                .isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
    }

    @Test
    void anotherThreadInterrupts() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f) (loop (br 0))) (func (export \"good\"))",
                host(FunctionType.of(), frame -> running.countDown()));
        Thread other = new Thread(() -> {
            try {
                running.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            instance.interrupt();
        });
        other.start();

        assertThat(trapOf(instance.call("go"))).isEqualTo(Trap.Kind.INTERRUPTED);
        other.join();
        instance.call("good").run(); // the interrupt meant the other call
    }

    @Test
    void anInterruptWhileNothingRunsDoesNothing() {
        Instance instance = instance("(func (export \"go\") (result i32) (local i32) (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000000)))) (local.get 0))");
        instance.interrupt();

        Call go = instance.call("go");
        go.run();

        assertThat(go.i32()).isEqualTo(1_000_000);
    }

    @Test
    void anInterruptLeavesTheNeighbourAlone() throws Exception {
        Instance neighbour = instance("(func (export \"go\") (param i32) (result i32) (local i32) (loop (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0)))) (local.get 1))");
        AtomicReference<Object> result = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        GuestThread other = new GuestThread("neighbour", () -> {
            try {
                Call go = neighbour.call("go").i32(0, 30_000_000);
                go.run();
                result.set(go.i32());
            } catch (RuntimeException e) {
                result.set(e);
            } finally {
                done.countDown();
            }
        });
        Instance mine = instance("(func (export \"go\") (loop (br 0)))");

        other.start();
        while (done.getCount() > 0) {
            assertThatThrownBy(() -> mine.call("go").run(Duration.ofMillis(1))).isInstanceOf(Trap.class);
        }
        other.join();

        assertThat(result.get()).isEqualTo(30_000_000);
    }

    @Test
    void aLoopThroughTheHostIsEndedAndTheHostCanAsk() {
        AtomicReference<Boolean> asked = new AtomicReference<>(false);
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (loop (call $f) (br 0)))",
                host(FunctionType.of(), frame -> {
                    if (frame.instance().ending()) {
                        asked.set(true);
                    }
                }));
        Thread current = Thread.currentThread();

        assertThatThrownBy(() -> instance.call("go").run(Duration.ofMillis(20))).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));

        assertThat(current.isInterrupted()).isFalse();
    }

    @Test
    void aHostFunctionThatWaitsForTheEndSeesIt() {
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f) (loop (br 0)))",
                host(FunctionType.of(), frame -> {
                    while (!frame.instance().ending()) {
                        Thread.onSpinWait();
                    }
                }));

        assertThatThrownBy(() -> instance.call("go").run(Duration.ofMillis(20))).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
    }

    // ---- threads and ends

    @Test
    void onlyAGuestThreadRunsGuests() throws Exception {
        Instance instance = instance("(func (export \"go\"))");
        Call go = instance.call("go");
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        Thread.ofVirtual().start(() -> {
            try {
                go.run();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        }).join();

        assertThat(thrown.get()).hasMessageContaining("GuestThread");
        go.run();
    }

    @Test
    void anInstanceMovesFromThreadToThreadButIsRunByOne() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Call> call = new AtomicReference<>();
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f)) (func (export \"other\"))",
                host(FunctionType.of(), frame -> {
                    Runnable intrude = () -> {
                        try {
                            call.get().run();
                        } catch (IllegalStateException e) {
                            thrown.set(e);
                        }
                    };
                    GuestThread intruder = new GuestThread("intruder", intrude);
                    intruder.start();
                    try {
                        intruder.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        call.set(instance.call("other"));

        instance.call("go").run();
        assertThat(thrown.get()).hasMessageContaining("is run by test");

        GuestThread next = new GuestThread("next", call.get()::run);
        next.start();
        next.join();
        call.get().run();
    }

    @Test
    void aClosedInstanceRefusesEverything() {
        Instance instance = template("(memory (export \"memory\") 1) (func (export \"go\"))").instantiate(SMALL, NO_CONTEXT);
        Call go = instance.call("go");
        go.run();

        instance.close();
        instance.close();
        instance.interrupt();

        assertThatIllegalStateException().isThrownBy(go::run).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> instance.call("go"));
        assertThatIllegalStateException().isThrownBy(instance::memory);
    }

    @Test
    void anInstanceThatRunsIsNotClosed() {
        Instance instance = instance("(import \"host\" \"f\" (func $f)) (func (export \"go\") (call $f))", host(FunctionType.of(), frame -> frame.instance().close()));

        assertThatThrownBy(instance.call("go")::run).isInstanceOf(HostFailure.class).cause().isInstanceOf(IllegalStateException.class).hasMessageContaining("is run by");
    }

    @Test
    void instancesOutliveTheModuleAndTheTemplate() {
        CompiledModule module = engine.compile(Wat.module("(func (export \"go\") (result i32) (i32.const 8))"));
        HostImports imports = keep(engine.imports(List.of()));
        Template template = imports.link(module);
        Call go = keep(template.instantiate(SMALL, NO_CONTEXT)).call("go");

        template.close();
        module.close();
        go.run();

        assertThat(go.i32()).isEqualTo(8);
        assertThatIllegalStateException().isThrownBy(() -> template.instantiate(SMALL, NO_CONTEXT));
        assertThatIllegalStateException().isThrownBy(imports::close).withMessageContaining("still used by 1");
    }

    // ---- snapshots

    @Test
    void aSnapshotStartsWhereTheInstanceStood() {
        byte[] module = Wat.module("""
                (memory (export "memory") 1 8) (global $sp (mut i32) (i32.const 1024)) (data (i32.const 70) "old") (func $s (i32.store (i32.const 0) (i32.const 1))) (start $s)
                (func (export "count") (result i32) (i32.store (i32.const 0) (i32.add (i32.const 1) (i32.load (i32.const 0)))) (i32.load (i32.const 0)))""");
        HostImports imports = keep(engine.imports(List.of()));
        Instance first = keep(keep(imports.link(keep(engine.compile(module)))).instantiate(SMALL, NO_CONTEXT));
        first.call("count").run();
        first.growMemory(2);
        first.memory().set(JAVA_BYTE, 3 * 65_536 - 1, (byte) 9);

        byte[] written = Snapshot.write(module, first.memory());
        Instance second = keep(keep(imports.link(keep(engine.compile(written)))).instantiate(SMALL, NO_CONTEXT));

        assertThat(second.memory().mismatch(first.memory())).isEqualTo(-1);
        Call count = second.call("count");
        count.run();
        assertThat(count.i32()).isEqualTo(3);
        assertThat(written).hasSizeLessThan(16_384);
    }

    @Test
    void whatASnapshotCannotKeepIsRefused() {
        MemorySegment memory = MemorySegment.ofArray(new byte[65_536]);

        assertThatThrownBy(() -> Snapshot.write(Wat.module("(func)"), memory)).isInstanceOf(InvalidModule.class).hasMessageContaining("one memory");
        assertThatThrownBy(() -> Snapshot.write(Wat.module("(memory 1) (global (mut i32) (i32.const 1)) (global (mut f64) (f64.const 1))"), memory))
                .isInstanceOf(InvalidModule.class).hasMessageContaining("2 variables");
        assertThatThrownBy(() -> Snapshot.write(Wat.module("(memory 1) (data \"passive\")"), memory)).isInstanceOf(InvalidModule.class).hasMessageContaining("passive");
    }
}

package dev.cloche.wasm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every engine must do with several modules in one instance. */
@ExtendWith(OnGuestThread.class)
abstract class LinkingConformance {
    private static final Limits SMALL = new Limits(1 << 20, 100, Duration.ofMinutes(3));
    private static final String COUNTER = """
            (memory (export "memory") 1) (global $n (mut i32) (i32.const 0)) (data (i32.const 0) "library")
            (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
            (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))""";

    private Engine engine;
    private final List<AutoCloseable> toClose = new ArrayList<>();

    abstract Engine open(EngineSettings settings);

    @BeforeEach
    void openEngine() {
        engine = open(EngineSettings.of(Optional.of(Wat.LIBRARIES), Optional.empty()));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
        engine.close();
    }

    private <T extends AutoCloseable> T keep(T one) {
        toClose.add(one);
        return one;
    }

    final Library library(String name, String text) {
        return new Library(name, keep(engine.compile(Wat.module(text))));
    }

    private Template template(List<Library> libraries, String main, HostImport... functions) {
        return keep(keep(engine.imports(List.of(functions))).link(libraries, keep(engine.compile(Wat.module(main)))));
    }

    final Instance instance(List<Library> libraries, String main, HostImport... functions) {
        return keep(template(libraries, main, functions).instantiate(SMALL, "none"));
    }

    private static HostImport host(String module, String name, FunctionType type, HostFunction function) {
        return new HostImport(module, name, type, function);
    }

    private static int result(Part part, String name, int... arguments) {
        Call call = part.call(name);
        for (int k = 0; k < arguments.length; k++) {
            call.i32(k, arguments[k]);
        }
        call.run();
        return call.i32();
    }

    @Test
    void aModuleCallsALibraryWhoseMemoryIsItsOwn() {
        Instance instance = instance(List.of(library("lib", COUNTER)), """
                (import "lib" "next" (func $next (result i32))) (import "lib" "peek" (func $peek (param i32) (result i32)))
                (memory (export "memory") 1) (data (i32.const 0) "main")
                (func (export "twice") (result i32) (drop (call $next)) (call $next)) (func (export "peek") (result i32) (call $peek (i32.const 0)))""");

        assertThat(result(instance, "twice")).isEqualTo(2);
        assertThat(result(instance, "peek")).isEqualTo('l');
        assertThat(result(instance.part("lib"), "next")).isEqualTo(3);
        assertThat(instance.memory().get(JAVA_BYTE, 0)).isEqualTo((byte) 'm');
        assertThat(instance.part("lib").memory().get(JAVA_BYTE, 0)).isEqualTo((byte) 'l');
        assertThatIllegalArgumentException().isThrownBy(() -> instance.part("other")).withMessageContaining("other");
    }

    @Test
    void aHostFunctionSeesTheMemoryOfTheModuleThatCalls() {
        List<Integer> seen = new ArrayList<>();
        String look = "(import \"host\" \"look\" (func $look))";
        String memory = "(memory (export \"memory\") 1)";
        Instance instance = instance(List.of(library("a", look + memory + "(data (i32.const 0) \"a\") (func (export \"go\") (call $look))"),
                        library("none", look + "(func (export \"go\") (call $look))")),
                look + "(import \"a\" \"go\" (func $a)) (import \"none\" \"go\" (func $none))" + memory + "(data (i32.const 0) \"m\") (func (export \"go\") (call $look) (call $a) (call $none) (call $look))",
                host("host", "look", FunctionType.of(), frame -> seen.add(frame.memory().byteSize() == 0 ? -1 : (int) frame.memory().get(JAVA_BYTE, 0))));

        instance.call("go").run();

        assertThat(seen).containsExactly((int) 'm', (int) 'a', -1, (int) 'm');
    }

    @Test
    void theMemoryOfACallerThatGrewIsSeenWhole() {
        List<Long> seen = new ArrayList<>();
        Instance instance = instance(List.of(library("lib", """
                        (import "host" "look" (func $look)) (memory (export "memory") 1) (func (export "go") (drop (memory.grow (i32.const 1))) (call $look))""")),
                "(import \"lib\" \"go\" (func $go)) (memory (export \"memory\") 1) (func (export \"go\") (call $go))",
                host("host", "look", FunctionType.of(), frame -> seen.add(frame.memory().byteSize())));

        instance.call("go").run();
        instance.call("go").run();

        assertThat(seen).containsExactly(131_072L, 196_608L);
    }

    @Test
    void oneModuleNameIsServedByLibraryAndHost() {
        Instance instance = instance(List.of(library("env", "(func (export \"one\") (result i32) (i32.const 1)) (func (export \"both\") (result i32) (i32.const 10))")),
                """
                (import "env" "one" (func $one (result i32))) (import "env" "both" (func $both (result i32))) (import "env" "two" (func $two (result i32)))
                (func (export "sum") (result i32) (i32.add (call $one) (i32.add (call $both) (call $two))))""",
                host("env", "two", FunctionType.of().returning(ValueType.I32), frame -> frame.result(2)),
                host("env", "both", FunctionType.of().returning(ValueType.I32), frame -> frame.result(20)));

        assertThat(result(instance, "sum")).isEqualTo(13);
    }

    @Test
    void librariesImportFromEarlierOnes() {
        Instance instance = instance(List.of(
                        library("a", "(func (export \"f\") (result i32) (i32.const 5))"),
                        library("b", "(import \"a\" \"f\" (func $f (result i32))) (func (export \"g\") (result i32) (i32.mul (call $f) (call $f)))")),
                "(import \"b\" \"g\" (func $g (result i32))) (import \"a\" \"f\" (func $f (result i32))) (func (export \"go\") (result i32) (i32.add (call $g) (call $f)))");

        assertThat(result(instance, "go")).isEqualTo(30);
    }

    @Test
    void memoriesTablesAndVariablesAreShared() {
        Instance instance = instance(List.of(library("lib", """
                        (memory (export "memory") 1 3) (global (export "g") (mut i32) (i32.const 7)) (table (export "t") 4 funcref)
                        (func $seven (result i32) (i32.const 77)) (elem (i32.const 0) $seven)
                        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))""")), """
                (import "lib" "memory" (memory 1 3)) (import "lib" "g" (global $g (mut i32))) (import "lib" "t" (table 4 funcref))
                (import "lib" "load" (func $load (param i32) (result i32)))
                (func (export "go") (result i32)
                  (i32.store (i32.const 100) (global.get $g)) (global.set $g (i32.const 8))
                  (i32.add (call $load (i32.const 100)) (table.size 0)))""");

        assertThat(result(instance, "go")).isEqualTo(11);
        assertThat(instance.part("lib").memory().get(JAVA_INT_UNALIGNED, 100)).isEqualTo(7);
        assertThat(result(instance, "go")).isEqualTo(12);
    }

    @Test
    void whatNobodyOffersOrOfAnotherTypeIsNamed() {
        Library lib = library("lib", "(func (export \"f\") (param i32)) (memory (export \"m\") 1)");
        CompiledModule main = keep(engine.compile(Wat.module("(import \"lib\" \"f\" (func)) (import \"lib\" \"g\" (func)) (import \"lib\" \"m\" (func)) (import \"other\" \"f\" (func (param i32)))")));
        HostImports imports = keep(engine.imports(List.of()));

        assertThatThrownBy(() -> imports.link(List.of(lib), main)).isInstanceOf(UnmetImports.class).hasMessage("""
                incompatible import type for `lib::f`: types incompatible: expected type `(func)`, found type `(func (param i32))`
                unknown import: `lib::g` has not been defined
                incompatible import type for `lib::m`: types incompatible: expected type `(func)`, found type `(memory 1)`
                unknown import: `other::f` has not been defined""");
        assertThatIllegalArgumentException().isThrownBy(() -> imports.link(List.of(lib, lib), main)).withMessageContaining("two libraries");
    }

    @Test
    void aMemoryTooSmallForItsImportMakesNoInstance() {
        Template template = template(List.of(library("lib", "(memory (export \"m\") 1)")), "(import \"lib\" \"m\" (memory 5))");

        assertThatThrownBy(() -> template.instantiate(SMALL, "none")).isInstanceOf(Trap.class);
    }

    @Test
    void theMemoriesTogetherAreLimited() {
        String grows = "(memory (export \"memory\") 1) (func (export \"grow\") (result i32) (memory.grow (i32.const 9))) (func (export \"size\") (result i32) (memory.size))";
        Instance instance = instance(List.of(library("lib", grows)), """
                (import "lib" "grow" (func $grow (result i32))) (import "lib" "size" (func $size (result i32))) (memory (export "memory") 1)
                (func (export "go") (drop (memory.grow (i32.const 9))) (drop (call $grow)) (loop (br_if 0 (i32.gt_u (call $size) (i32.const 6)))))""");

        // 20 pages where 16 are allowed: refused as it happens, or the guest is ended at the next tick
        try {
            instance.call("go").run();
            assertThat(instance.part("lib").memory().byteSize()).isEqualTo(65_536);
        } catch (Trap trap) {
            assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_MEMORY);
        }
    }

    @Test
    void librariesThatWantTooMuchTogetherAreRefused() {
        Template template = template(List.of(library("lib", "(memory 9)")), "(memory 9)");

        assertThatThrownBy(() -> template.instantiate(SMALL, "none")).isInstanceOf(LimitExceeded.class).hasMessageContaining("1179648 bytes");
    }

    @Test
    void aTrapAndAHostsFailureInALibraryEndTheCall() {
        RuntimeException thrown = new IllegalStateException("refused");
        Instance instance = instance(List.of(library("lib", "(import \"host\" \"f\" (func $f)) (func (export \"bad\") unreachable) (func (export \"host\") (call $f)) (func (export \"deep\") (call 3)) (func (call 2))")),
                "(import \"lib\" \"bad\" (func $bad)) (import \"lib\" \"host\" (func $host)) (import \"lib\" \"deep\" (func $deep)) (func (export \"bad\") (call $bad)) (func (export \"host\") (call $host)) (func (export \"deep\") (call $deep))",
                host("host", "f", FunctionType.of(), frame -> {
                    throw thrown;
                }));

        assertThatThrownBy(instance.call("bad")::run).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.UNREACHABLE));
        assertThatThrownBy(instance.call("host")::run).isInstanceOf(HostFailure.class).satisfies(failure -> assertThat(failure.getCause()).isSameAs(thrown));
        assertThatThrownBy(instance.call("deep")::run).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.STACK_OVERFLOW));
    }

    @Test
    void anEndlessLoopInALibraryIsEnded() {
        Instance instance = instance(List.of(library("lib", "(func (export \"f\") (loop (br 0)))")), "(import \"lib\" \"f\" (func $f)) (func (export \"go\") (call $f))");

        assertThatThrownBy(() -> instance.call("go").run(Duration.ofMillis(20))).isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
    }

    @Test
    void aHostFunctionCallsALibrary() {
        Instance instance = instance(List.of(library("lib", COUNTER)),
                "(import \"host\" \"f\" (func $f (result i32))) (func (export \"go\") (result i32) (call $f))",
                host("host", "f", FunctionType.of().returning(ValueType.I32), frame -> frame.result(result(frame.instance().part("lib"), "next") + 40)));

        assertThat(result(instance, "go")).isEqualTo(41);
        assertThat(result(instance, "go")).isEqualTo(42);
    }

    @Test
    void instancesKnowNothingOfEachOtherAndOutliveModulesAndTemplate() {
        HostImports imports = keep(engine.imports(List.of()));
        CompiledModule lib = engine.compile(Wat.module(COUNTER));
        CompiledModule main = engine.compile(Wat.module("(import \"lib\" \"next\" (func $next (result i32))) (func (export \"go\") (result i32) (call $next))"));
        Template template = imports.link(List.of(new Library("lib", lib)), main);
        lib.close();
        main.close();
        Instance one = keep(template.instantiate(SMALL, "none"));
        Instance two = keep(template.instantiate(SMALL, "none"));
        template.close();

        assertThat(result(one, "go")).isEqualTo(1);
        assertThat(result(one, "go")).isEqualTo(2);
        assertThat(result(two, "go")).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> template.instantiate(SMALL, "none"));
    }

    @Test
    void aClosedInstanceIsRefusedInAllItsParts() {
        Instance instance = template(List.of(library("lib", COUNTER)), "(import \"lib\" \"next\" (func $next (result i32)))").instantiate(SMALL, "none");
        Part lib = instance.part("lib");
        instance.close();

        assertThatIllegalStateException().isThrownBy(() -> lib.call("next")).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(lib::memory).withMessageContaining("closed");
    }
}

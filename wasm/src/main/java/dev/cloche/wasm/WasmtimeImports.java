package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Our functions as wasmtime's: one stub that C can call for each, made once. */
final class WasmtimeImports implements HostImports {
    private static final MethodHandle ENTER;
    private static final MemorySegment FAILED = Arena.global().allocateFrom("host");

    static {
        try {
            ENTER = MethodHandles.lookup().findStatic(WasmtimeImports.class, "enter",
                    MethodType.methodType(long.class, Offered.class, long.class, long.class, long.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One function, with what is needed when it is called. */
    private record Offered(HostFunction function, int slots, MemorySegment trapNew) {}

    private final WasmtimeEngine engine;
    private final Arena arena = Arena.ofShared();
    private final Map<List<String>, HostImport> functions = new HashMap<>();
    private final Users users = new Users("the set of imports");
    private final long linker;

    WasmtimeImports(WasmtimeEngine engine, List<HostImport> offered) {
        this.engine = engine;
        for (HostImport one : offered) {
            if (functions.put(List.of(one.module(), one.name()), one) != null) {
                throw new IllegalArgumentException("two functions are named " + one.module() + "::" + one.name());
            }
        }
        engine.users().add();
        linker = invoke(engine.library.symbol("wasmtime_linker_new"), engine.pointer());
        offered.forEach(this::define);
    }

    private void define(HostImport one) {
        WasmtimeLibrary library = engine.library;
        int slots = Math.max(one.type().parameters().size(), one.type().results().size());
        long stub = WasmtimeLibrary.upcall(ENTER.bindTo(new Offered(one.function(), slots, library.symbol("wasmtime_trap_new"))), arena);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment module = WasmtimeLibrary.text(scratch, one.module());
            MemorySegment name = WasmtimeLibrary.text(scratch, one.name());
            long type = invoke(library.symbol("wasm_functype_new"), types(scratch, one.type().parameters()), types(scratch, one.type().results()));
            long error = invoke(library.symbol("wasmtime_linker_define_func_unchecked"), linker, module.address(), module.byteSize(),
                    name.address(), name.byteSize(), type, stub, 0, 0);
            invoke(library.symbol("wasm_functype_delete"), type);
            if (error != 0) {
                throw new IllegalArgumentException(library.takeError(error));
            }
        }
    }

    private long types(Arena scratch, List<ValueType> types) {
        MemorySegment vector = scratch.allocate(WasmtimeLibrary.VECTOR, 8);
        MemorySegment each = scratch.allocate(8L * Math.max(1, types.size()), 8);
        for (int i = 0; i < types.size(); i++) {
            each.setAtIndex(JAVA_LONG, i, invoke(engine.library.symbol("wasm_valtype_new"), types.get(i).ordinal()));
        }
        invoke(engine.library.symbol("wasm_valtype_vec_new"), vector.address(), types.size(), each.address());
        return vector.address();
    }

    /** {@code wasm_trap_t *(env, caller, wasmtime_val_raw_t *values, size_t count)}; an exception must not leave it, or the process ends. */
    @SuppressWarnings("unused") // called by C
    private static long enter(Offered offered, long environment, long caller, long values, long count) {
        WasmtimeInstance instance = (WasmtimeInstance) Objects.requireNonNull(((GuestThread) Thread.currentThread()).current);
        try {
            WasmtimeFrame frame = instance.push(caller, values, offered.slots());
            try {
                offered.function().call(frame);
            } finally {
                instance.pop(frame);
            }
            return 0;
        } catch (Throwable thrown) {
            instance.failed(thrown);
            return invoke(offered.trapNew(), FAILED.address(), FAILED.byteSize() - 1);
        }
    }

    @Override
    public Template link(List<Library> libraries, CompiledModule main) {
        List<WasmtimeModule> modules = new ArrayList<>();
        libraries.forEach(one -> modules.add(ours(one.module())));
        modules.add(ours(main));
        Linkage linkage = Linkage.of(libraries.stream().map(Library::name).toList(), modules.stream().map(WasmtimeModule::shape).toList(), functions);
        WasmtimeTemplate template = new WasmtimeTemplate(engine, linkage, users);
        try {
            modules.forEach(module -> template.add(module, linker));
        } catch (RuntimeException failed) {
            template.close();
            throw failed;
        }
        return template;
    }

    private WasmtimeModule ours(CompiledModule module) {
        if (module instanceof WasmtimeModule code && code.engine() == engine) {
            return code;
        }
        throw new IllegalArgumentException("the module was compiled by another engine");
    }

    @Override
    public void close() {
        if (users.close()) {
            invoke(engine.library.symbol("wasmtime_linker_delete"), linker);
            arena.close();
            engine.users().remove();
        }
    }
}

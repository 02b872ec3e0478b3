package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.ALL;
import static dev.cloche.wasm.WasmtimeLibrary.brief;
import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One store of wasmtime's with one instance in it. */
final class WasmtimeInstance extends GuestInstance {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

    private final WasmtimeEngine engine;
    private final WasmtimeLibrary library;
    private final ModuleShape shape;
    private final Users ofImports;
    /** All small native structures below; closing it makes every segment of ours refuse access. */
    private final Arena arena = Arena.ofShared();
    private final long store;
    private final long context;
    private final MemorySegment instance;
    private final MemorySegment trapOut;
    private final List<WasmtimeFrame> frames = new ArrayList<>();
    private int depth;
    private long memoryHandle;
    private MemorySegment memory = NONE;

    WasmtimeInstance(WasmtimeEngine engine, ModuleShape shape, Limits limits, Object context, Users ofImports) {
        super(context, engine.ticker, limits);
        this.engine = engine;
        this.library = engine.library;
        this.shape = shape;
        this.ofImports = ofImports;
        ofImports.add();
        this.store = invoke(library.symbol("wasmtime_store_new"), engine.pointer(), 0, 0);
        this.context = invoke(library.symbol("wasmtime_store_context"), store);
        // memory bytes, table elements, instances, tables, memories
        invoke(library.symbol("wasmtime_store_limiter"), store, limits.memoryBytes(), limits.tableElements(), 1, shape.tables().size(), 1);
        invoke(library.symbol("wasmtime_store_epoch_deadline_callback"), store, engine.deadlineCallback, 0, 0);
        this.instance = arena.allocate(16, 8);
        this.trapOut = arena.allocate(8, 8);
    }

    /** Fills memory and tables and runs the start function. */
    void start(long template) {
        GuestThread thread = GuestThread.here();
        boolean outer = claim(thread, timeout());
        GuestInstance before = thread.current;
        thread.current = this;
        try {
            check(invoke(library.symbol("wasmtime_instance_pre_instantiate"), template, context, instance.address(), trapOut.address()));
        } finally {
            thread.current = before;
            if (outer) {
                release(thread);
            }
        }
        if (shape.exports().stream().anyMatch(export -> export.name().equals("memory") && export.type() instanceof ExternType.Memory)) {
            memoryHandle = export("memory", WasmtimeLibrary.EXTERN_MEMORY);
        }
    }

    /** Calls a function whose arguments lie in the values, which take the results. */
    void run(long function, long values, long slots, long ticks) {
        GuestThread thread = GuestThread.here();
        boolean outer = claim(thread, ticks);
        GuestInstance before = thread.current;
        thread.current = this;
        try {
            long error = invoke(library.funcCall, context, function, values, slots, trapOut.address());
            if (error != 0 || trapOut.get(JAVA_LONG, 0) != 0) {
                check(error);
            }
        } finally {
            thread.current = before;
            if (outer) {
                release(thread);
            }
        }
    }

    /** A trap that a host function made comes back as an error. */
    private void check(long error) {
        long trap = trapOut.get(JAVA_LONG, 0);
        trapOut.set(JAVA_LONG, 0, 0);
        if (trap != 0) {
            throw library.takeTrap(trap);
        }
        if (error != 0) {
            String message = library.takeError(error);
            if (hasFailed()) {
                throw takeFailure();
            }
            throw ending() ? ended() : new Trap(Trap.Kind.OTHER, message);
        }
    }

    /** The content of an export's {@code wasmtime_extern_t}, for as long as the instance lives. */
    private long export(String name, int kind) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment text = WasmtimeLibrary.text(scratch, name);
            MemorySegment found = arena.allocate(WasmtimeLibrary.EXTERN, 8);
            boolean there = (invoke(library.symbol("wasmtime_instance_export_get"), context, instance.address(), text.address(), text.byteSize(), found.address()) & 0xff) != 0;
            if (!there || found.get(JAVA_BYTE, 0) != kind) {
                throw new IllegalStateException("wasmtime does not know the export " + name);
            }
            return found.address() + WasmtimeLibrary.EXTERN_CONTENT;
        }
    }

    @Override
    public Call call(String name) {
        FunctionType type = shape.function(name);
        refuseOthers();
        return new WasmtimeCall(this, type, export(name, WasmtimeLibrary.EXTERN_FUNCTION), arena);
    }

    @Override
    public MemorySegment memory() {
        refuseOthers();
        if (memoryHandle == 0) {
            return NONE;
        }
        MemorySegment known = memory;
        long size = brief(library.memorySize, context, memoryHandle);
        if (known.byteSize() == size && known.isNative()) {
            return known;
        }
        memory = MemorySegment.ofAddress(brief(library.memoryData, context, memoryHandle)).reinterpret(size, arena, null);
        return memory;
    }

    @Override
    public boolean growMemory(int pages) {
        refuseOthers();
        if (memoryHandle == 0 || pages < 0) {
            return false;
        }
        MemorySegment before = arena.allocate(8, 8);
        long error = invoke(library.symbol("wasmtime_memory_grow"), context, memoryHandle, pages, before.address());
        if (error != 0) {
            library.takeError(error);
        }
        return error == 0;
    }

    WasmtimeFrame push(long values, int slots) {
        if (depth == frames.size()) {
            frames.add(new WasmtimeFrame(this));
        }
        WasmtimeFrame frame = frames.get(depth++);
        frame.open(values, slots);
        return frame;
    }

    void pop(WasmtimeFrame frame) {
        depth--;
        frame.shut();
    }

    @Override
    void nudge() {
        engine.bump();
    }

    @Override
    void free() {
        arena.close();
        invoke(library.symbol("wasmtime_store_delete"), store);
        ofImports.remove();
    }
}

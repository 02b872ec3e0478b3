package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One store of wasmtime's with its parts in it. */
final class WasmtimeInstance extends GuestInstance {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);
    private static final MemorySegment MEMORY = Arena.global().allocateFrom("memory");

    private final WasmtimeEngine engine;
    private final WasmtimeLibrary library;
    private final Users ofImports;
    private final long mostBytes;
    private final List<String> names;
    /** All small native structures below; closing it makes every segment of ours refuse access. */
    private final Arena arena = Arena.ofShared();
    private final long store;
    private final long context;
    private final List<WasmtimePart> parts = new ArrayList<>();
    private final WasmtimePart main;
    private final MemorySegment trapOut;
    private final MemorySegment found;
    private final List<WasmtimeFrame> frames = new ArrayList<>();
    private int depth;

    WasmtimeInstance(WasmtimeEngine engine, Linkage linkage, Limits limits, Object context, Users ofImports) {
        super(context, engine.ticker, limits);
        this.engine = engine;
        this.library = engine.library;
        this.ofImports = ofImports;
        this.mostBytes = limits.memoryBytes();
        this.names = linkage.units().stream().map(Linkage.Unit::name).toList();
        ofImports.add();
        this.store = invoke(library.symbol("wasmtime_store_new"), engine.pointer(), 0, 0);
        this.context = invoke(library.symbol("wasmtime_store_context"), store);
        // memory bytes (of each), table elements (of each), instances, tables, memories
        invoke(library.symbol("wasmtime_store_limiter"), store, limits.memoryBytes(), limits.tableElements(), names.size(), linkage.tables(),
                Math.max(1, linkage.memories()));
        invoke(library.symbol("wasmtime_store_epoch_deadline_callback"), store, engine.deadlineCallback, 0, 0);
        this.trapOut = arena.allocate(8, 8);
        this.found = arena.allocate(WasmtimeLibrary.EXTERN, 8);
        linkage.units().forEach(unit -> parts.add(new WasmtimePart(this, library, unit.shape(), arena)));
        this.main = parts.getLast();
    }

    /** The store's {@code wasmtime_context_t}. */
    long store() {
        return context;
    }

    WasmtimePart part(int index) {
        return parts.get(index);
    }

    /** Fills memories and tables and runs the start functions, by the template. */
    void start(WasmtimeTemplate template) {
        GuestThread thread = GuestThread.here();
        boolean outer = claim(thread, timeout());
        GuestInstance before = thread.current;
        thread.current = this;
        try {
            for (int i = 0; i < parts.size(); i++) {
                check(template.make(i, this, parts.get(i).handle(), trapOut.address()));
                parts.get(i).made();
            }
        } finally {
            thread.current = before;
            if (outer) {
                release(thread);
            }
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

    /** wasmtime limits each memory; several together are looked at here, by the running guest after each tick. */
    @Override
    boolean aboveMemory() {
        if (parts.size() == 1) {
            return false;
        }
        long bytes = 0;
        for (WasmtimePart part : parts) {
            bytes += part.memoryBytes();
        }
        return bytes > mostBytes;
    }

    @Override
    public Part part(String name) {
        int index = names.indexOf(name);
        if (index < 0 || name.isEmpty()) {
            throw new IllegalArgumentException("no library is named " + name);
        }
        return parts.get(index);
    }

    @Override
    public Call call(String name) {
        return main.call(name);
    }

    @Override
    public MemorySegment memory() {
        return main.memory();
    }

    @Override
    public boolean growMemory(int pages) {
        return main.growMemory(pages);
    }

    /** The memory that the calling part exports. */
    MemorySegment memoryOf(long caller) {
        if (parts.size() == 1) {
            return main.memory();
        }
        boolean there = (invoke(library.symbol("wasmtime_caller_export_get"), caller, MEMORY.address(), MEMORY.byteSize() - 1, found.address()) & 0xff) != 0;
        if (there && found.get(JAVA_BYTE, 0) == WasmtimeLibrary.EXTERN_MEMORY) {
            MemorySegment memory = found.asSlice(WasmtimeLibrary.EXTERN_CONTENT);
            for (WasmtimePart part : parts) {
                if (part.exportsMemory(memory)) {
                    return part.memory();
                }
            }
        }
        return NONE;
    }

    WasmtimeFrame push(long caller, long values, int slots) {
        if (depth == frames.size()) {
            frames.add(new WasmtimeFrame(this));
        }
        WasmtimeFrame frame = frames.get(depth++);
        frame.open(caller, values, slots);
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

package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.brief;
import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One module's instance in a store. */
final class WasmtimePart implements Part {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);
    /** Places of the two numbers that tell one memory of a store from another, in {@code wasmtime_memory_t}. */
    private static final int MEMORY_FIRST = 8;
    private static final int MEMORY_SECOND = 16;
    private static final int MEMORY_BYTES = 24;

    private final WasmtimeInstance whole;
    private final WasmtimeLibrary library;
    private final ModuleShape shape;
    private final Arena arena;
    /** {@code wasmtime_instance_t}. */
    private final MemorySegment handle;
    private long memoryHandle;
    private MemorySegment memory = NONE;

    WasmtimePart(WasmtimeInstance whole, WasmtimeLibrary library, ModuleShape shape, Arena arena) {
        this.whole = whole;
        this.library = library;
        this.shape = shape;
        this.arena = arena;
        this.handle = arena.allocate(16, 8);
    }

    long handle() {
        return handle.address();
    }

    /** To be called once the instance is made. */
    void made() {
        if (shape.exports().stream().anyMatch(export -> export.name().equals("memory") && export.type() instanceof ExternType.Memory)) {
            memoryHandle = export("memory", WasmtimeLibrary.EXTERN_MEMORY);
        }
    }

    /** The content of an export's {@code wasmtime_extern_t}, for as long as the instance lives. */
    private long export(String name, int kind) {
        MemorySegment found = arena.allocate(WasmtimeLibrary.EXTERN, 8);
        boolean there;
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment text = WasmtimeLibrary.text(scratch, name);
            there = find(text.address(), text.byteSize(), found.address());
        }
        if (!there || found.get(JAVA_BYTE, 0) != kind) {
            throw new IllegalStateException("wasmtime does not know the export " + name);
        }
        return found.address() + WasmtimeLibrary.EXTERN_CONTENT;
    }

    /** Fills a {@code wasmtime_extern_t} with an export. */
    boolean find(long name, long length, long found) {
        return (invoke(library.symbol("wasmtime_instance_export_get"), whole.store(), handle.address(), name, length, found) & 0xff) != 0;
    }

    @Override
    public Call call(String name) {
        FunctionType type = shape.function(name);
        whole.refuseOthers();
        return new WasmtimeCall(whole, type, export(name, WasmtimeLibrary.EXTERN_FUNCTION), arena);
    }

    @Override
    public MemorySegment memory() {
        whole.refuseOthers();
        if (memoryHandle == 0) {
            return NONE;
        }
        MemorySegment known = memory;
        long size = brief(library.memorySize, whole.store(), memoryHandle);
        if (known.byteSize() == size && known.isNative()) {
            return known;
        }
        memory = MemorySegment.ofAddress(brief(library.memoryData, whole.store(), memoryHandle)).reinterpret(size, arena, null);
        return memory;
    }

    /** Bytes of its own memory, whoever asks. */
    long memoryBytes() {
        return memoryHandle == 0 || shape.memories().isEmpty() ? 0 : brief(library.memorySize, whole.store(), memoryHandle);
    }

    /** Whether this {@code wasmtime_memory_t} is the one that it exports. */
    boolean exportsMemory(MemorySegment other) {
        if (memoryHandle == 0) {
            return false;
        }
        MemorySegment mine = MemorySegment.ofAddress(memoryHandle).reinterpret(MEMORY_BYTES);
        return mine.get(JAVA_INT, MEMORY_FIRST) == other.get(JAVA_INT, MEMORY_FIRST) && mine.get(JAVA_INT, MEMORY_SECOND) == other.get(JAVA_INT, MEMORY_SECOND);
    }

    @Override
    public boolean growMemory(int pages) {
        whole.refuseOthers();
        if (memoryHandle == 0 || pages < 0) {
            return false;
        }
        try (Arena scratch = Arena.ofConfined()) {
            long error = invoke(library.symbol("wasmtime_memory_grow"), whole.store(), memoryHandle, pages, scratch.allocate(8, 8).address());
            if (error != 0) {
                library.takeError(error);
            }
            return error == 0;
        }
    }
}

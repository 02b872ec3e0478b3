package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cloche.kernel.Digest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** wasmtime's C library, called through the foreign-function interface. */
final class WasmtimeEngine implements Engine {
    private static final System.Logger LOG = System.getLogger(WasmtimeEngine.class.getName());
    /** To be raised with every change of the configuration below: compiled code depends on it. */
    private static final int CONFIGURATION = 1;
    /** wasmtime refuses a guest stack above this, which is for another way of running guests. */
    private static final long ASYNC_STACK = 2 * GuestThread.GUEST_STACK;

    final WasmtimeLibrary library;
    final Ticker ticker;
    final long deadlineCallback;
    final MemorySegment linkerGet;
    private final Arena arena = Arena.ofShared();
    private final Users users = new Users("the engine");
    private final long engine;
    private final MemorySegment incrementEpoch;
    private final Optional<CodeCache> cache;
    private final int moduleBytes;

    WasmtimeEngine(WasmtimeLibrary library, EngineSettings settings) {
        this.library = library;
        this.cache = settings.codeCache().map(folder -> new CodeCache(folder, settings.codeCacheBytes()));
        this.moduleBytes = settings.moduleBytes();
        this.linkerGet = library.symbol("wasmtime_linker_get");
        this.incrementEpoch = library.symbol("wasmtime_engine_increment_epoch");
        this.engine = invoke(library.symbol("wasm_engine_new_with_config"), configuration());
        if (engine == 0) {
            throw new IllegalArgumentException("wasmtime refused its configuration");
        }
        this.deadlineCallback = WasmtimeLibrary.upcall(Deadline.CHECK.bindTo(library.symbol("wasmtime_error_new")), arena);
        this.ticker = new Ticker(this::bump);
    }

    /** Both engines run the same language: what Endive does not know, or no guest needs, is off. */
    private long configuration() {
        long config = invoke(library.symbol("wasm_config_new"));
        set(config, "epoch_interruption", 1);
        set(config, "async_stack_size", ASYNC_STACK);
        set(config, "max_wasm_stack", GuestThread.GUEST_STACK);
        for (String off : List.of("wasm_threads", "wasm_multi_memory", "wasm_memory64", "wasm_relaxed_simd", "wasm_gc",
                "wasm_function_references", "wasm_exceptions", "wasm_stack_switching", "wasm_custom_page_sizes", "wasm_wide_arithmetic")) {
            set(config, off, 0);
        }
        return config;
    }

    private void set(long config, String name, long value) {
        invoke(library.symbol("wasmtime_config_" + name + "_set"), config, value);
    }

    long pointer() {
        return engine;
    }

    /** Makes every running guest ask whether it may go on. */
    void bump() {
        invoke(incrementEpoch, engine);
    }

    @Override
    public String name() {
        return "wasmtime " + WasmtimeLibrary.VERSION;
    }

    @Override
    public CompiledModule compile(byte[] module) {
        if (module.length > moduleBytes) {
            throw new InvalidModule("the module has " + module.length + " bytes, the limit is " + moduleBytes);
        }
        String key = Digest.of(module) + ".wasmtime-" + WasmtimeLibrary.VERSION + "-" + CONFIGURATION + "-" + Engines.platform();
        long code = cache.flatMap(kept -> fromCache(kept, key)).orElseGet(() -> compiled(module, key));
        return new WasmtimeModule(this, code, ModuleShape.read(module));
    }

    private Optional<Long> fromCache(CodeCache kept, String key) {
        return kept.find(key).flatMap(file -> {
            try {
                return Optional.of(deserialize(file));
            } catch (InvalidModule e) {
                LOG.log(System.Logger.Level.WARNING, "event=code-refused file={0} reason={1}", file.getFileName(), e.getMessage());
                kept.remove(file);
                return Optional.empty();
            }
        });
    }

    /** The code is mapped from its file, so that instances share its memory content until they write. */
    private long deserialize(Path file) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_LONG);
            check(invoke(library.symbol("wasmtime_module_deserialize_file"), engine, scratch.allocateFrom(file.toString()).address(), out.address()));
            return out.get(JAVA_LONG, 0);
        }
    }

    private long compiled(byte[] module, String key) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment bytes = scratch.allocateFrom(JAVA_BYTE, module);
            MemorySegment out = scratch.allocate(JAVA_LONG);
            check(invoke(library.symbol("wasmtime_module_new"), engine, bytes.address(), module.length, out.address()));
            long code = out.get(JAVA_LONG, 0);
            return cache.flatMap(kept -> kept.put(key, serialized(code)).flatMap(file -> fromCache(kept, key))).map(mapped -> {
                invoke(library.symbol("wasmtime_module_delete"), code);
                return mapped;
            }).orElse(code);
        }
    }

    private ByteBuffer serialized(long code) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(WasmtimeLibrary.VECTOR, 8);
            check(invoke(library.symbol("wasmtime_module_serialize"), code, out.address()));
            return ByteBuffer.wrap(library.takeBytes(out));
        }
    }

    private void check(long error) {
        if (error != 0) {
            throw new InvalidModule(library.takeError(error));
        }
    }

    @Override
    public HostImports imports(List<HostImport> functions) {
        return new WasmtimeImports(this, functions);
    }

    /** What uses the engine's native parts. */
    Users users() {
        return users;
    }

    @Override
    public void close() {
        if (users.close()) {
            ticker.close();
            invoke(library.symbol("wasm_engine_delete"), engine);
            arena.close();
        }
    }

    /** Called by running guests after each tick and each interrupt. */
    private static final class Deadline {
        static final MethodHandle CHECK;
        private static final MemorySegment TEXT = Arena.global().allocateFrom("ended by the host");

        static {
            try {
                CHECK = MethodHandles.lookup().findStatic(Deadline.class, "check",
                        MethodType.methodType(long.class, MemorySegment.class, long.class, long.class, long.class, long.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** {@code wasmtime_error_t *(context, data, uint64_t *delta, wasmtime_update_deadline_kind_t *kind)}. */
        @SuppressWarnings("unused") // called by C
        private static long check(MemorySegment errorNew, long store, long data, long delta, long kind) {
            if (Thread.currentThread() instanceof GuestThread thread && thread.current != null && !thread.current.endingNow()) {
                WasmtimeLibrary.ALL.set(JAVA_LONG, delta, 1);
                WasmtimeLibrary.ALL.set(JAVA_BYTE, kind, (byte) 0); // go on
                return 0;
            }
            return invoke(errorNew, TEXT.address());
        }
    }
}

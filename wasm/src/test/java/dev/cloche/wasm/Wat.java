package dev.cloche.wasm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Turns the text format into the binary one, with wasmtime's own reader. */
public final class Wat {
    /** Where the build puts native libraries; the module's pom names it. */
    static final Path LIBRARIES = Path.of(System.getProperty("cloche.native"));
    private static final WasmtimeLibrary LIBRARY = new WasmtimeLibrary(LIBRARIES.resolve(Engines.platform()).resolve("libwasmtime.so"));

    private Wat() {}

    /** The binary form of a module whose fields these are. */
    public static byte[] module(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = WasmtimeLibrary.text(arena, "(module " + text + ")");
            MemorySegment out = arena.allocate(WasmtimeLibrary.VECTOR, 8);
            long error = WasmtimeLibrary.invoke(LIBRARY.symbol("wasmtime_wat2wasm"), in.address(), in.byteSize(), out.address());
            if (error != 0) {
                throw new IllegalArgumentException(LIBRARY.takeError(error));
            }
            return LIBRARY.takeBytes(out);
        }
    }
}

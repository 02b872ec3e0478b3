package dev.cloche.wasm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;

/**
 * The names and shapes of wasmtime's C library, version 50.0.1; nothing of it is known elsewhere. Every argument and
 * result is passed as one 64-bit word: pointers, sizes, and the small integers of the configuration, which the calling
 * conventions of x86-64 and AArch64 take from the low bits of such a word. Handles are constants of the code, the
 * addresses are not, so the library's place is known only at run time and calls are nevertheless compiled.
 */
final class WasmtimeLibrary {
    static final String VERSION = "50.0.1";
    /** {@code wasmtime_val_raw_t}: the place of one argument or result. */
    static final int RAW = 16;
    /** {@code wasmtime_extern_t}: kind at 0, content at 8. */
    static final int EXTERN = 32;
    static final int EXTERN_CONTENT = 8;
    static final int EXTERN_FUNCTION = 0;
    static final int EXTERN_MEMORY = 3;
    /** {@code wasm_byte_vec_t} and its kin: size at 0, data at 8. */
    static final int VECTOR = 16;
    /** All of the address space; for what C gives us. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle L0 = words(0);
    private static final MethodHandle L1 = words(1);
    private static final MethodHandle L2 = words(2);
    private static final MethodHandle L3 = words(3);
    private static final MethodHandle L4 = words(4);
    private static final MethodHandle L5 = words(5);
    private static final MethodHandle L6 = words(6);
    private static final MethodHandle L7 = words(7);
    private static final MethodHandle L9 = words(9);
    /** For functions that return in nanoseconds and call nobody: without a change of the thread's state. */
    private static final MethodHandle BRIEF2 = LINKER.downcallHandle(descriptor(2), Linker.Option.critical(false));

    private final SymbolLookup symbols;
    final MemorySegment funcCall;
    final MemorySegment memoryData;
    final MemorySegment memorySize;
    private final MemorySegment errorMessage;
    private final MemorySegment errorDelete;
    private final MemorySegment trapMessage;
    private final MemorySegment trapCode;
    private final MemorySegment trapDelete;
    private final MemorySegment bytesDelete;

    /** Opens the library; throws {@link IllegalArgumentException} if it is not there, cannot be loaded, or is another version. */
    WasmtimeLibrary(Path file) {
        symbols = SymbolLookup.libraryLookup(file, Arena.global());
        symbol("set_vmctx_memory_" + VERSION.replace('.', '_').replaceFirst("_\\d+$", "_0")); // the only symbol with the version in its name
        funcCall = symbol("wasmtime_func_call_unchecked");
        memoryData = symbol("wasmtime_memory_data");
        memorySize = symbol("wasmtime_memory_data_size");
        errorMessage = symbol("wasmtime_error_message");
        errorDelete = symbol("wasmtime_error_delete");
        trapMessage = symbol("wasm_trap_message");
        trapCode = symbol("wasmtime_trap_code");
        trapDelete = symbol("wasm_trap_delete");
        bytesDelete = symbol("wasm_byte_vec_delete");
    }

    private static FunctionDescriptor descriptor(int words) {
        return FunctionDescriptor.of(JAVA_LONG, Collections.nCopies(words, JAVA_LONG).toArray(MemoryLayout[]::new));
    }

    private static MethodHandle words(int count) {
        return LINKER.downcallHandle(descriptor(count));
    }

    /** A function that C calls, taking so many words and giving one. */
    static long upcall(MethodHandle target, Arena arena) {
        return LINKER.upcallStub(target, descriptor(target.type().parameterCount()), arena).address();
    }

    /** The address of a function. */
    MemorySegment symbol(String name) {
        return symbols.find(name).orElseThrow(() -> new IllegalArgumentException("no function " + name + ": not wasmtime " + VERSION));
    }

    static long invoke(MemorySegment f) {
        try {
            return (long) L0.invokeExact(f);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long invoke(MemorySegment f, long a) {
        try {
            return (long) L1.invokeExact(f, a);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long invoke(MemorySegment f, long a, long b) {
        try {
            return (long) L2.invokeExact(f, a, b);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long brief(MemorySegment f, long a, long b) {
        try {
            return (long) BRIEF2.invokeExact(f, a, b);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c) {
        try {
            return (long) L3.invokeExact(f, a, b, c);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c, long d) {
        try {
            return (long) L4.invokeExact(f, a, b, c, d);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c, long d, long e) {
        try {
            return (long) L5.invokeExact(f, a, b, c, d, e);
        } catch (Throwable x) {
            throw impossible(x);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c, long d, long e, long g) {
        try {
            return (long) L6.invokeExact(f, a, b, c, d, e, g);
        } catch (Throwable x) {
            throw impossible(x);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c, long d, long e, long g, long h) {
        try {
            return (long) L7.invokeExact(f, a, b, c, d, e, g, h);
        } catch (Throwable x) {
            throw impossible(x);
        }
    }

    static long invoke(MemorySegment f, long a, long b, long c, long d, long e, long g, long h, long i, long k) {
        try {
            return (long) L9.invokeExact(f, a, b, c, d, e, g, h, i, k);
        } catch (Throwable x) {
            throw impossible(x);
        }
    }

    /** Calls of C throw nothing but what the virtual machine itself throws. */
    private static RuntimeException impossible(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(thrown);
    }

    /** Takes an error's text and frees the error. */
    String takeError(long error) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(VECTOR, 8);
            invoke(errorMessage, error, text.address());
            invoke(errorDelete, error);
            return takeText(text);
        }
    }

    /** Takes a trap as ours and frees it. */
    Trap takeTrap(long trap) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(VECTOR, 8);
            MemorySegment code = arena.allocate(8, 8);
            invoke(trapMessage, trap, text.address());
            boolean known = (invoke(trapCode, trap, code.address()) & 0xff) != 0;
            invoke(trapDelete, trap);
            return new Trap(known ? kind(code.get(JAVA_BYTE, 0)) : Trap.Kind.OTHER, takeText(text));
        }
    }

    /** Codes of {@code wasmtime_trap_code_t}. */
    private static Trap.Kind kind(int code) {
        return switch (code) {
            case 0 -> Trap.Kind.STACK_OVERFLOW;
            case 1, 3 -> Trap.Kind.OUT_OF_BOUNDS;
            case 4, 5 -> Trap.Kind.BAD_CALL;
            case 6, 7, 8 -> Trap.Kind.ARITHMETIC;
            case 9 -> Trap.Kind.UNREACHABLE;
            case 10, 11 -> Trap.Kind.INTERRUPTED;
            default -> Trap.Kind.OTHER;
        };
    }

    /** The bytes of a vector, which is freed. */
    byte[] takeBytes(MemorySegment vector) {
        byte[] bytes = ALL.asSlice(vector.get(JAVA_LONG, 8), vector.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
        invoke(bytesDelete, vector.address());
        return bytes;
    }

    /** At most 4,096 bytes of text: a message may hold the names that a module gave its functions. */
    private String takeText(MemorySegment vector) {
        byte[] bytes = takeBytes(vector);
        String text = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.UTF_8);
        return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    }

    /** Text for C, with its length beside it. */
    static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
    }
}

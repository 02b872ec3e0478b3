package dev.cloche.workers;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cloche.wasm.Call;
import dev.cloche.wasm.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** The host's side of {@code kernel.wat}, in one instance. For the thread that runs it. */
final class Kernel implements PluginMemory {
    /** The name of the public interface's functions. */
    static final String MODULE = "extism:host/env";
    private static final byte[] NONE = {};
    private static final long MOST = 64L << 20;

    private final Part part;
    private final Call alloc;
    private final Call free;
    private final Call length;
    private final Call begin;
    private final Call end;

    Kernel(Part part) {
        this.part = part;
        this.alloc = part.call("alloc");
        this.free = part.call("free");
        this.length = part.call("length");
        this.begin = part.call("cloche_begin");
        this.end = part.call("cloche_end");
    }

    /** The module's bytes. */
    static byte[] module() {
        try (InputStream in = Kernel.class.getResourceAsStream("kernel.wasm")) {
            if (in == null) {
                throw new IllegalStateException("kernel.wasm is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a call left it. Lengths are 0 where there is none. */
    record End(long error, long errorLength, long output, long outputLength, boolean refused) {}

    /** Forgets everything and takes an input; false if there is no room for it. */
    boolean begin(byte[] input) {
        begin.i64(0, input.length).run();
        long at = begin.i64();
        if (input.length > 0 && at != 0) {
            MemorySegment.copy(input, 0, part.memory(), JAVA_BYTE, at, input.length);
        }
        return input.length == 0 || at != 0;
    }

    End end() {
        end.run();
        return new End(end.i64(0), end.i64(1), end.i64(2), end.i64(3), end.i32(4) != 0);
    }

    /** A copy of bytes that the kernel vouches for. */
    byte[] bytes(long offset, long bytes) {
        return bytes == 0 ? NONE : part.memory().asSlice(offset, bytes).toArray(JAVA_BYTE);
    }

    /** Bytes of its memory. */
    long size() {
        return part.memory().byteSize();
    }

    /** The length of a block, 0 for anything else. */
    long length(long offset) {
        length.i64(0, offset).run();
        return length.i64();
    }

    @Override
    public byte[] read(long offset) {
        return read(offset, MOST);
    }

    /** As the other, for blocks of at most so many bytes: what a guest allocates is not to fill the host's memory. */
    byte[] read(long offset, long most) {
        long length = length(offset);
        if (length > most) {
            throw new Refused("a block of " + length + " bytes where at most " + most + " are taken");
        }
        return bytes(offset, length);
    }

    @Override
    public long write(byte[] bytes) {
        if (bytes.length == 0) {
            return 0;
        }
        alloc.i64(0, bytes.length).run();
        long at = alloc.i64();
        if (at == 0) {
            throw new Refused("out of memory: no room for " + bytes.length + " bytes");
        }
        MemorySegment.copy(bytes, 0, part.memory(), JAVA_BYTE, at, bytes.length);
        return at;
    }

    @Override
    public void free(long offset) {
        free.i64(0, offset).run();
    }
}

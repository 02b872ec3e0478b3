package dev.cloche.modules;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Bytes that a guest writes piece by piece, up to a limit. */
final class ByteSink {
    private final int limit;
    private byte[] content = new byte[64];
    private int size;

    ByteSink(int limit) {
        this.limit = limit;
    }

    /** Appends; tells how much of it had room. */
    int write(MemorySegment memory, long at, int length) {
        int taken = Math.min(length, limit - size);
        if (size + taken > content.length) {
            content = Arrays.copyOf(content, Math.min(limit, Math.max(size + taken, content.length * 2)));
        }
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, content, size, taken);
        size += taken;
        return taken;
    }

    byte[] take() {
        return Arrays.copyOf(content, size);
    }

    void clear() {
        size = 0;
        if (content.length > 1 << 16) {
            content = new byte[64];
        }
    }
}

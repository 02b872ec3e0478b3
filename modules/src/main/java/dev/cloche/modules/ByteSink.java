package dev.cloche.modules;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Bytes that a guest writes piece by piece; beyond a limit its call ends. */
final class ByteSink {
    private final int limit;
    private byte[] content = new byte[64];
    private int size;

    ByteSink(int limit) {
        this.limit = limit;
    }

    /** Appends. */
    void write(MemorySegment memory, long at, int length) {
        if (length > limit - size) {
            throw new OutOfRoom("An answer has at most " + limit + " bytes. Give a part at a time.");
        }
        if (size + length > content.length) {
            content = Arrays.copyOf(content, Math.min(limit, Math.max(size + length, content.length * 2)));
        }
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, content, size, length);
        size += length;
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

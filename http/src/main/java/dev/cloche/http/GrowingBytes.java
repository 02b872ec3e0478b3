package dev.cloche.http;

import java.util.Arrays;

/**
 * Bytes that come piece by piece, their whole length often known before. Room is made as they come, at most eight times as
 * much as is there: who announces much and sends little takes little memory, and few bytes are copied twice. Not for several threads.
 */
final class GrowingBytes {
    /** Arrays up to this size are used again after {@link #clear}. */
    private static final int KEPT = 64 * 1024;
    private static final int AHEAD = 8;

    private byte[] bytes = new byte[0];
    private int size;

    /** How many are there. */
    int size() {
        return size;
    }

    /** They themselves, from 0 to {@link #size}; others follow. */
    byte[] array() {
        return bytes;
    }

    /**
     * Adds some.
     *
     * @param expected how many there will be in the end; less than there are if that is not known
     */
    void add(byte[] more, int from, int length, int expected) {
        room(length, expected);
        System.arraycopy(more, from, bytes, size, length);
        size += length;
    }

    /** Makes room for so many more and counts them as there; answers where they are to be put. */
    int extend(int length, int expected) {
        room(length, expected);
        int at = size;
        size += length;
        return at;
    }

    /** All of them, in an array without others, which is the caller's from now on. */
    byte[] takeAll() {
        byte[] all = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = new byte[0];
        size = 0;
        return all;
    }

    /** Forgets them. */
    void clear() {
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[0];
        }
    }

    private void room(int length, int expected) {
        int needed = Math.addExact(size, length);
        if (needed > bytes.length) {
            long wanted = expected >= needed ? Math.min(expected, (long) AHEAD * needed) : Math.min(Integer.MAX_VALUE - 16, Math.max(512, 2L * needed));
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, wanted));
        }
    }
}

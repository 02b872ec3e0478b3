package dev.cloche.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Four bytes by which a client's frame is changed on its way (RFC 6455, section 5.3), so that nobody between can be led to take
 * what a page sends for something else.
 *
 * @param word the bytes, the first one lowest
 */
record Mask(int word) {
    /** The mask that changes nothing. */
    static final Mask NONE = new Mask(0);
    /** The length of a mask on the wire. */
    static final int BYTES = 4;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** A new one, which nobody can guess. */
    static Mask any() {
        return new Mask(RANDOM.nextInt());
    }

    /** The one that stands there. */
    static Mask read(byte[] bytes, int at) {
        return new Mask((int) INT.get(bytes, at));
    }

    void write(byte[] bytes, int at) {
        INT.set(bytes, at, word);
    }

    /** Copies bytes and masks or unmasks them, the first of them by the mask's first; both places may be the same. */
    void apply(byte[] from, int fromAt, byte[] to, int toAt, int length) {
        if (word == 0) {
            System.arraycopy(from, fromAt, to, toAt, length);
            return;
        }
        long wide = (word & 0xffff_ffffL) | (long) word << 32;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            LONG.set(to, toAt + at, (long) LONG.get(from, fromAt + at) ^ wide);
        }
        for (; at < length; at++) {
            to[toAt + at] = (byte) (from[fromAt + at] ^ word >>> 8 * (at & 3));
        }
    }

    /** The mask for what follows so many bytes that were masked by this one. */
    Mask after(int length) {
        return new Mask(Integer.rotateRight(word, 8 * (length & 3)));
    }
}

package dev.cloche.values;

import java.math.BigInteger;

/** Integers of 1 to 32 bytes in two's complement, least significant byte first, as {@link BigInteger}. */
final class WideIntegers {
    private WideIntegers() {}

    static BigInteger get(byte[] bytes, int at, int size, boolean signed) {
        if (size <= 8) {
            long value = 0;
            for (int i = size - 1; i >= 0; i--) {
                value = value << 8 | bytes[at + i] & 0xff;
            }
            if (signed) {
                int unused = 64 - 8 * size;
                return BigInteger.valueOf(value << unused >> unused);
            }
            if (value >= 0) {
                return BigInteger.valueOf(value);
            }
        }
        byte[] big = new byte[size];
        for (int i = 0; i < size; i++) {
            big[i] = bytes[at + size - 1 - i];
        }
        return signed ? new BigInteger(big) : new BigInteger(1, big);
    }

    /** The caller has checked that it fits. */
    static void put(byte[] bytes, int at, int size, BigInteger value) {
        byte[] big = value.toByteArray();
        byte fill = (byte) (value.signum() < 0 ? -1 : 0);
        for (int i = 0; i < size; i++) {
            bytes[at + i] = i < big.length ? big[big.length - 1 - i] : fill;
        }
    }

    static int compare(byte[] a, int i, byte[] b, int j, int size, boolean signed) {
        int top = size - 8;
        long x = LittleEndian.getLong(a, i + top);
        long y = LittleEndian.getLong(b, j + top);
        if (x != y) {
            return signed ? Long.compare(x, y) : Long.compareUnsigned(x, y);
        }
        for (int word = top - 8; word >= 0; word -= 8) {
            x = LittleEndian.getLong(a, i + word);
            y = LittleEndian.getLong(b, j + word);
            if (x != y) {
                return Long.compareUnsigned(x, y);
            }
        }
        return 0;
    }
}

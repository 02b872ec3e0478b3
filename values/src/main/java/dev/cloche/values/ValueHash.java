package dev.cloche.values;

/** Mixes the bytes of a value into 64 bits. */
final class ValueHash {
    private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

    private ValueHash() {}

    static long of(byte[] bytes, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = mix(hash, LittleEndian.getLong(bytes, at));
        }
        long rest = 0;
        for (int i = to - 1; i >= at; i--) {
            rest = rest << 8 | bytes[i] & 0xff;
        }
        return mix(hash, rest);
    }

    static long mix(long hash, long more) {
        long mixed = (hash ^ more) * FACTOR;
        return mixed ^ mixed >>> 29;
    }
}

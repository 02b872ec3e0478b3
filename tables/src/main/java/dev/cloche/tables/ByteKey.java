package dev.cloche.tables;

import java.util.Arrays;

/** Some bytes as a key of a map. */
final class ByteKey {
    private final byte[] bytes;
    private final int hash;

    /** A copy of a part. */
    ByteKey(byte[] bytes, int from, int to) {
        this.bytes = Arrays.copyOfRange(bytes, from, to);
        this.hash = Long.hashCode(AddressHash.hash(0, bytes, from, to));
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

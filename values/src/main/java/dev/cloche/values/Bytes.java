package dev.cloche.values;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as a value: equal when their content is. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of these. */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /** How many. */
    public int size() {
        return content.length;
    }

    /** A reader of them, without a copy. */
    public BsatnReader reader() {
        return new BsatnReader(content);
    }

    /** Appends them as they are. */
    public void writeTo(BsatnWriter writer) {
        writer.writeRaw(content);
    }

    /** A copy, for the caller to keep. */
    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}

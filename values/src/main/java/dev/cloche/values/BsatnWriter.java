package dev.cloche.values;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes BSATN (facts, specification A, section 2.2) into a buffer that grows up to a limit.
 *
 * <p>It may be emptied and used again. More than the limit is a {@link BsatnException}. Not for several threads.
 */
public final class BsatnWriter {
    /** The limit unless another is given: 1 GiB. */
    public static final int LARGEST = 1 << 30;

    private final int limit;
    private byte[] bytes;
    private int size;

    /** Empty, with room for a small row. */
    public BsatnWriter() {
        this(256, LARGEST);
    }

    /**
     * Empty.
     *
     * @param room for so many bytes at first
     * @param limit more bytes are refused
     */
    public BsatnWriter(int room, int limit) {
        this.bytes = new byte[Math.max(16, Math.min(room, limit))];
        this.limit = limit;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** The buffer itself, valid up to {@link #size} and until the next write; for those who copy it elsewhere. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of what was written. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written, keeps the buffer. */
    public void clear() {
        size = 0;
    }

    /** Forgets all but the first bytes. */
    public void truncate(int length) {
        if (length < 0 || length > size) {
            throw new IndexOutOfBoundsException(length + " of " + size);
        }
        size = length;
    }

    /** One byte, 0 or 1. */
    public BsatnWriter writeBool(boolean value) {
        return writeU8(value ? 1 : 0);
    }

    /** The low 8 bits, signed or not. */
    public BsatnWriter writeU8(int value) {
        int at = grow(1); // first: it may replace the array
        bytes[at] = (byte) value;
        return this;
    }

    /** The low 16 bits, signed or not. */
    public BsatnWriter writeU16(int value) {
        int at = grow(2);
        LittleEndian.putShort(bytes, at, (short) value);
        return this;
    }

    /** 32 bits, signed or not. */
    public BsatnWriter writeU32(int value) {
        int at = grow(4);
        LittleEndian.putInt(bytes, at, value);
        return this;
    }

    /** 64 bits, signed or not. */
    public BsatnWriter writeU64(long value) {
        int at = grow(8);
        LittleEndian.putLong(bytes, at, value);
        return this;
    }

    /** An integer of any type; one that does not fit is an {@link IllegalArgumentException}. */
    public BsatnWriter writeInteger(AlgebraicType.Primitive type, BigInteger value) {
        if (!type.holds(value)) {
            throw new IllegalArgumentException(value + " is not a value of " + type.label() + ".");
        }
        int at = grow(type.bytes());
        WideIntegers.put(bytes, at, type.bytes(), value);
        return this;
    }

    /** IEEE 754, 32 bits; NaN keeps its bits. */
    public BsatnWriter writeF32(float value) {
        return writeU32(Float.floatToRawIntBits(value));
    }

    /** IEEE 754, 64 bits; NaN keeps its bits. */
    public BsatnWriter writeF64(double value) {
        return writeU64(Double.doubleToRawLongBits(value));
    }

    /** Text: its length in bytes as U32, then UTF-8; half of a surrogate pair becomes a question mark. */
    public BsatnWriter writeString(String text) {
        return writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An array of U8: its length as U32, then the bytes. */
    public BsatnWriter writeBytes(byte[] content) {
        return writeU32(content.length).writeRaw(content, 0, content.length);
    }

    /** Bytes as they are, for values that are encoded already. */
    public BsatnWriter writeRaw(byte[] content) {
        return writeRaw(content, 0, content.length);
    }

    /** A part of these bytes as they are. */
    public BsatnWriter writeRaw(byte[] content, int from, int length) {
        int at = grow(length);
        System.arraycopy(content, from, bytes, at, length);
        return this;
    }

    /** Writes four bytes for a number that is known later, and returns their place for {@link #setU32}. */
    public int reserveU32() {
        int at = grow(4);
        LittleEndian.putInt(bytes, at, 0);
        return at;
    }

    /** Overwrites four bytes that were written before. */
    public void setU32(int at, int value) {
        if (at < 0 || at + 4 > size) {
            throw new IndexOutOfBoundsException(at + " of " + size);
        }
        LittleEndian.putInt(bytes, at, value);
    }

    private int grow(int more) {
        if (more > limit - size) {
            throw new BsatnException(size, "the value is larger than " + limit + " bytes");
        }
        int at = size;
        size += more;
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max((long) size, 2L * bytes.length)));
        }
        return at;
    }
}

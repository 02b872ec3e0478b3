package dev.cloche.values;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads BSATN (facts, specification A, section 2.2) from a part of a byte array, front to back.
 *
 * <p>Each method throws {@link BsatnException} if the bytes are too few or break the type's rule, and then stays where it
 * was. Nothing is allocated for a length before as many bytes are known to be there. Not for several threads.
 */
public final class BsatnReader {
    private final byte[] bytes;
    private final int limit;
    private int position;

    /** Over all bytes; the array is not copied. */
    public BsatnReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /**
     * Over a part.
     *
     * @param from the first byte
     * @param limit behind the last byte
     */
    public BsatnReader(byte[] bytes, int from, int limit) {
        if (from < 0 || limit < from || limit > bytes.length) {
            throw new IndexOutOfBoundsException("from " + from + " to " + limit + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.position = from;
        this.limit = limit;
    }

    /** The array that is read, for those who know offsets; not a copy. */
    public byte[] array() {
        return bytes;
    }

    /** Where it is, in bytes from the start of the array. */
    public int position() {
        return position;
    }

    /** Where it ends, in bytes from the start of the array. */
    public int limit() {
        return limit;
    }

    /** How many bytes are left. */
    public int remaining() {
        return limit - position;
    }

    /** Goes to an offset between its start and its limit. */
    public void position(int to) {
        if (to < 0 || to > limit) {
            throw new IndexOutOfBoundsException(to + " of " + limit);
        }
        position = to;
    }

    /** Refuses bytes that are left over. */
    public void end() {
        if (position != limit) {
            throw new BsatnException(position, "the value ends here, but " + remaining() + " bytes follow");
        }
    }

    /** One byte, 0 or 1. */
    public boolean readBool() {
        int at = take(1, "Bool");
        if ((bytes[at] & 0xfe) != 0) {
            position = at;
            throw new BsatnException(at, "Bool is 0 or 1, not " + (bytes[at] & 0xff));
        }
        return bytes[at] == 1;
    }

    /** Unsigned, 0 to 255. */
    public int readU8() {
        return bytes[take(1, "U8")] & 0xff;
    }

    /** Signed, 8 bits. */
    public byte readI8() {
        return bytes[take(1, "I8")];
    }

    /** Unsigned, 0 to 65,535. */
    public int readU16() {
        return LittleEndian.getShort(bytes, take(2, "U16")) & 0xffff;
    }

    /** Signed, 16 bits. */
    public short readI16() {
        return LittleEndian.getShort(bytes, take(2, "I16"));
    }

    /** Unsigned, 32 bits; the same bits as an int are {@link #readI32}. */
    public long readU32() {
        return LittleEndian.getInt(bytes, take(4, "U32")) & 0xffff_ffffL;
    }

    /** Signed, 32 bits. */
    public int readI32() {
        return LittleEndian.getInt(bytes, take(4, "I32"));
    }

    /** The 64 bits of an unsigned number; negative for those from 2^63 on. */
    public long readU64() {
        return LittleEndian.getLong(bytes, take(8, "U64"));
    }

    /** Signed, 64 bits. */
    public long readI64() {
        return LittleEndian.getLong(bytes, take(8, "I64"));
    }

    /** Any integer type, exactly. */
    public BigInteger readInteger(AlgebraicType.Primitive type) {
        if (!type.isInteger()) {
            throw new IllegalArgumentException(type + " is not an integer.");
        }
        int at = take(type.bytes(), type.label());
        return WideIntegers.get(bytes, at, type.bytes(), type.isSigned());
    }

    /** IEEE 754, 32 bits; the bits are kept, also of NaN. */
    public float readF32() {
        return Float.intBitsToFloat(LittleEndian.getInt(bytes, take(4, "F32")));
    }

    /** IEEE 754, 64 bits; the bits are kept, also of NaN. */
    public double readF64() {
        return Double.longBitsToDouble(LittleEndian.getLong(bytes, take(8, "F64")));
    }

    /** Text: its length in bytes as U32, then UTF-8. */
    public String readString() {
        int from = position;
        int length = readLength(1, "String");
        if (!Utf8.valid(bytes, position, position + length)) {
            position = from;
            throw new BsatnException(from, "String is UTF-8");
        }
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /** An array of U8: its length as U32, then the bytes; a copy. */
    public byte[] readBytes() {
        int length = readLength(1, "Array of U8");
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** Exactly so many bytes; a copy. */
    public byte[] readRaw(int length) {
        int at = take(length, "raw bytes");
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    /**
     * The number of elements of an array.
     *
     * @param minimumSize of an element in bytes, at least 1: more elements than bytes for them are refused
     */
    public int readCount(int minimumSize) {
        return readLength(Math.max(1, minimumSize), "Array");
    }

    /**
     * The tag of a sum.
     *
     * @param variants how many there are
     * @param name of the sum, for the message
     */
    public int readTag(int variants, String name) {
        int at = take(1, name);
        int tag = bytes[at] & 0xff;
        if (tag >= variants) {
            position = at;
            throw new BsatnException(at, "unknown tag 0x" + Integer.toHexString(tag) + " for sum type " + name);
        }
        return tag;
    }

    /** Passes a value of this type after checking it, and returns where it begins. */
    public int skip(Layout layout) {
        int from = position;
        position = layout.check(bytes, position, limit);
        return from;
    }

    private int readLength(int minimumSize, String name) {
        int from = take(4, name);
        long count = LittleEndian.getInt(bytes, from) & 0xffff_ffffL;
        long needed = count * minimumSize;
        if (needed > remaining()) {
            int left = remaining();
            position = from;
            throw new BsatnException(from, name + " needs " + needed + " bytes, there are " + left);
        }
        return (int) count;
    }

    private int take(int size, String name) {
        if (size < 0 || size > limit - position) {
            throw new BsatnException(position, name + " needs " + size + " bytes, there are " + remaining());
        }
        int at = position;
        position += size;
        return at;
    }
}

package dev.cloche.tables;

import dev.cloche.values.LittleEndian;
import java.util.Arrays;
import java.util.Collection;

/**
 * Rows one after another, as subscribers and the log get them.
 *
 * <p>Never changed after it was made; the arrays that it hands out are its own and not to be written to. The BSATN form of a
 * row list ({@link #bsatn()}, facts section 3.3) is made once and shared by all who ask, which is what lets one evaluation serve
 * a thousand subscribers. Not for two threads until that was asked for once.
 */
public final class RowList {
    /** Without rows. */
    public static final RowList EMPTY = new RowList(new byte[0], new int[] {0}, 0);

    private static final int MOST_FIXED = 0xFFFF;

    private final byte[] data;
    private final int[] ends;
    private final int count;
    private final int fixedSize;
    private byte[] encoded = new byte[0];

    /** Row {@code i} is the bytes from {@code ends[i]} to {@code ends[i + 1]}; the arrays may be longer than they are used. */
    RowList(byte[] data, int[] ends, int count) {
        this.data = data;
        this.ends = ends;
        this.count = count;
        this.fixedSize = common(ends, count);
    }

    /** These rows, copied. */
    public static RowList of(Collection<byte[]> rows) {
        RowListBuilder all = new RowListBuilder();
        rows.forEach(row -> all.add(row, 0, row.length));
        return all.build();
    }

    /** How many rows. */
    public int count() {
        return count;
    }

    /** Whether there is no row. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** The rows without gaps in the first {@link #size()} bytes; not to be changed. */
    public byte[] data() {
        return data;
    }

    /** Bytes of all rows. */
    public int size() {
        return ends[count];
    }

    /** Where row number {@code row}, from 0, begins in {@link #data()}; for {@link #count()}: where the last one ends. */
    public int start(int row) {
        return ends[row];
    }

    /** Where row number {@code row}, from 0, ends in {@link #data()}. */
    public int end(int row) {
        return ends[row + 1];
    }

    /** A copy of row number {@code row}, from 0. */
    public byte[] row(int row) {
        return Arrays.copyOfRange(data, ends[row], ends[row + 1]);
    }

    /** The length that all rows have, or 0 where they differ, are longer than a size hint can say, or there is none. */
    public int fixedSize() {
        return fixedSize;
    }

    private static int common(int[] ends, int count) {
        if (count == 0 || ends[1] > MOST_FIXED) {
            return 0;
        }
        int size = ends[1];
        for (int row = 1; row < count; row++) {
            if (ends[row + 1] - ends[row] != size) {
                return 0;
            }
        }
        return size;
    }

    /** The {@code BsatnRowList}: size hint and data. Made at the first call; not to be changed. */
    public byte[] bsatn() {
        if (encoded.length == 0) {
            encoded = encode();
        }
        return encoded;
    }

    private byte[] encode() {
        int fixed = fixedSize();
        int hint = fixed > 0 ? 3 : 5 + 8 * count;
        byte[] result = new byte[Math.addExact(hint + 4, size())];
        if (fixed > 0) {
            LittleEndian.putShort(result, 1, (short) fixed);
        } else {
            result[0] = 1;
            LittleEndian.putInt(result, 1, count);
            for (int row = 0; row < count; row++) {
                LittleEndian.putLong(result, 5 + 8 * row, ends[row]);
            }
        }
        LittleEndian.putInt(result, hint, size());
        System.arraycopy(data, 0, result, hint + 4, size());
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowList that
                && count == that.count
                && Arrays.equals(ends, 0, count + 1, that.ends, 0, count + 1)
                && Arrays.equals(data, 0, size(), that.data, 0, size());
    }

    @Override
    public int hashCode() {
        return 31 * count + size();
    }

    @Override
    public String toString() {
        return count + " rows, " + size() + " bytes";
    }
}

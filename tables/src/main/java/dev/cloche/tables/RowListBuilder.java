package dev.cloche.tables;

import java.util.Arrays;

/** Collects rows into a {@link RowList}. */
final class RowListBuilder {
    /** An array cannot be longer, and nobody could be sent more. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private byte[] data = new byte[64];
    private int[] ends = new int[4];
    private int count;

    int count() {
        return count;
    }

    int size() {
        return ends[count];
    }

    void add(byte[] source, int offset, int length) {
        int end = ends[count];
        if (length > MOST_BYTES - end) {
            throw new StoreException(StoreException.Reason.NO_SPACE, "A list of rows has at most " + MOST_BYTES + " bytes.");
        }
        if (end + length > data.length) {
            data = Arrays.copyOf(data, grown(data.length, end + length));
        }
        if (count + 2 > ends.length) {
            ends = Arrays.copyOf(ends, grown(ends.length, count + 2));
        }
        System.arraycopy(source, offset, data, end, length);
        count++;
        ends[count] = end + length;
    }

    private static int grown(int length, int wanted) {
        return (int) Math.min(MOST_BYTES, Math.max(wanted, length * 2L));
    }

    RowList build() {
        return count == 0 ? RowList.EMPTY : new RowList(data, ends, count);
    }
}

package dev.cloche.values;

/**
 * Rows one after the other as the client protocol sends them (facts, specification B, section 3.3). Made once and shared by
 * all who get them; whoever holds one must not change its arrays.
 *
 * @param count of the rows
 * @param rowSize bytes of each row where all have the same size and there is at least one; else 0
 * @param offsets where each row starts, where {@code rowSize} is 0; else empty
 * @param data the rows' BSATN
 */
public record RowList(int count, int rowSize, int[] offsets, byte[] data) {
    /** No row. */
    public static final RowList EMPTY = new RowList(0, 0, new int[0], new byte[0]);

    /** Where row {@code index} starts in {@link #data()}. */
    public int start(int index) {
        return rowSize > 0 ? rowSize * index : offsets[index];
    }

    /** Where row {@code index} ends in {@link #data()}. */
    public int end(int index) {
        return index + 1 < count ? start(index + 1) : data.length;
    }
}

package dev.cloche.tables;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Rows, one after another, as they were when the cursor was opened. Of one thread; ends with its transaction. */
public abstract sealed class RowCursor implements AutoCloseable permits AddressCursor {
    RowCursor() {}

    /** The bytes of the next row, or -1 if there is none. Does not go on. */
    public abstract int nextLength();

    /**
     * Copies as many whole rows as fit, without gaps, and goes on behind them.
     *
     * @return the bytes written; 0 if not even one row fits, or none is left: {@link #nextLength()} tells which
     */
    public abstract int copyTo(MemorySegment target, long offset, int capacity);

    /** Goes to the next row, so that {@link #bytes()}, {@link #offset()} and {@link #length()} tell where it lies. */
    public abstract boolean next();

    /** Holds the current row from {@link #offset()} on, until the next change; not to be changed. */
    public abstract byte[] bytes();

    /** Where the current row begins in {@link #bytes()}. */
    public abstract int offset();

    /** The length of the current row. */
    public abstract int length();

    /** A copy of the current row. */
    public final byte[] row() {
        return Arrays.copyOfRange(bytes(), offset(), offset() + length());
    }

    /** All rows that are left; closes the cursor. */
    public final RowList rest() {
        RowListBuilder rows = new RowListBuilder();
        while (next()) {
            rows.add(bytes(), offset(), length());
        }
        close();
        return rows.build();
    }

    @Override
    public abstract void close();
}

package dev.cloche.tables;

import java.lang.foreign.MemorySegment;

/**
 * Changes that happen together or not at all. At most one is open in a {@link Store}; of one thread.
 *
 * <p>A refused change throws {@link StoreException} and has changed nothing; the transaction goes on. Rows are BSATN of the
 * product of the table's columns. Tables are sets: inserting a row that is there already succeeds and changes nothing.
 */
public final class Transaction implements Reader {
    Transaction() {}

    /**
     * Inserts a row from a guest's memory and writes the generated columns (BSATN, one after another) to where the row began.
     *
     * @return the bytes of the generated columns; 0 without any
     */
    public int insert(int table, MemorySegment memory, long offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Inserts a row and gives it back as it was stored, with its generated columns. */
    public byte[] insert(int table, byte[] row) {
        throw new UnsupportedOperationException();
    }

    /**
     * Replaces the row that has the same values in the columns of a unique index; otherwise as {@link #insert(int,
     * MemorySegment, long, int)}.
     *
     * @throws StoreException if the index is not unique, is of another table, or there is no such row
     */
    public int update(int table, int index, MemorySegment memory, long offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Replaces the row that has the same values in the columns of a unique index, and gives it back as it was stored. */
    public byte[] update(int table, int index, byte[] row) {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes the rows that equal one of these.
     *
     * @param rows BSATN of an array of rows
     * @return how many there were
     */
    public int deleteEqual(int table, byte[] rows) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the row; false if there is none. */
    public boolean delete(int table, byte[] row) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the rows of {@link #scanPoint}; tells how many. */
    public int deletePoint(int index, byte[] point) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the rows of {@link #scanRange}; tells how many. */
    public int deleteRange(int index, IndexRange range) {
        throw new UnsupportedOperationException();
    }

    /** Deletes all rows of the table; tells how many. */
    public long clear(int table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long rowCount(int table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RowCursor scan(int table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RowCursor scanPoint(int index, byte[] point) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RowCursor scanRange(int index, IndexRange range) {
        throw new UnsupportedOperationException();
    }

    /** Ends the transaction, keeps what it did and tells it. */
    public Changes commit() {
        throw new UnsupportedOperationException();
    }

    /** Ends the transaction; tables and sequences are as they were before. */
    public void rollback() {
        throw new UnsupportedOperationException();
    }
}

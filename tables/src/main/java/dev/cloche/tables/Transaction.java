package dev.cloche.tables;

import dev.cloche.tables.StoreException.Reason;
import dev.cloche.values.BsatnException;
import dev.cloche.values.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Changes that happen together or not at all. At most one is open in a {@link Store}; of one thread.
 *
 * <p>A refused change throws {@link StoreException} and has changed nothing but the sequences that
 * it took numbers from; the transaction goes on. Rows are BSATN of the
 * product of the table's columns. Tables are sets: inserting a row that is there already succeeds and changes nothing.
 */
public final class Transaction implements Reader {
    /** A client could not be sent more. */
    private static final int LONGEST = 16 << 20;

    private final Store store;
    private final List<Table> touched = new ArrayList<>(4);
    private byte[] row = new byte[256];
    private final byte[] generated = new byte[64];
    private byte[] manyGenerated = generated;
    private boolean over;

    Transaction(Store store) {
        this.store = store;
    }

    /**
     * Inserts a row from a guest's memory and writes the generated columns (BSATN, one after another) to where the row began.
     *
     * @return the bytes of the generated columns; 0 without any
     */
    public int insert(int table, MemorySegment memory, long offset, int length) {
        Table into = touch(table);
        copyIn(memory, offset, length);
        int written = generate(into, length);
        into.insert(row, length);
        MemorySegment.copy(manyGenerated, 0, memory, ValueLayout.JAVA_BYTE, offset, written);
        return written;
    }

    /** Inserts a row and gives it back as it was stored, with its generated columns. */
    public byte[] insert(int table, byte[] row) {
        Table into = touch(table);
        copyIn(row);
        generate(into, row.length);
        into.insert(this.row, row.length);
        return Arrays.copyOf(this.row, row.length);
    }

    private void copyIn(MemorySegment memory, long offset, int length) {
        room(length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, row, 0, length);
    }

    private void copyIn(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, row, 0, source.length);
    }

    private void room(int length) {
        if (length > LONGEST) {
            throw new StoreException(Reason.NO_SPACE, "A row has at most " + LONGEST + " bytes, not " + length + ".");
        }
        if (length > row.length) {
            row = new byte[Math.max(length, (int) Math.min(row.length * 2L, 1 << 30))];
        }
    }

    private int generate(Table table, int length) {
        table.check(row, 0, length);
        if (table.sequences().isEmpty()) {
            return 0;
        }
        if (manyGenerated.length < length) {
            manyGenerated = new byte[length];
        }
        return table.generate(row, manyGenerated);
    }

    private Table touch(int id) {
        requireOpen();
        return touch(store.table(id));
    }

    private Table touch(Table table) {
        if (!table.touch()) {
            touched.add(table);
        }
        return table;
    }

    private void requireOpen() {
        if (over) {
            throw new IllegalStateException("The transaction is over.");
        }
    }

    /**
     * Replaces the row that has the same values in the columns of a unique index; otherwise as {@link #insert(int,
     * MemorySegment, long, int)}.
     *
     * @throws StoreException if the index is not unique, is of another table, or there is no such row
     */
    public int update(int table, int index, MemorySegment memory, long offset, int length) {
        Table in = touch(table);
        copyIn(memory, offset, length);
        int written = update(in, index, length);
        MemorySegment.copy(manyGenerated, 0, memory, ValueLayout.JAVA_BYTE, offset, written);
        return written;
    }

    /** Replaces the row that has the same values in the columns of a unique index, and gives it back as it was stored. */
    public byte[] update(int table, int index, byte[] row) {
        Table in = touch(table);
        copyIn(row);
        update(in, index, row.length);
        return Arrays.copyOf(this.row, row.length);
    }

    private int update(Table table, int index, int length) {
        Store.Located located = store.located(index);
        if (located.table() != table) {
            throw new StoreException(
                    Reason.NO_SUCH_INDEX, "Index " + located.index().schema().name() + " is not of table " + table.schema().name() + ".");
        }
        if (!located.index().unique()) {
            throw new StoreException(
                    Reason.INDEX_NOT_UNIQUE, "Index " + located.index().schema().name() + " is not unique: no row can be replaced by it.");
        }
        table.check(row, 0, length);
        int old = located.index().find(located.index().key().ofRow(row, 0));
        if (old == RowPages.NONE) {
            throw new StoreException(
                    Reason.NO_SUCH_ROW, "Table " + table.schema().name() + " has no row with this key in " + located.index().schema().name() + ".");
        }
        int written = generate(table, length);
        table.replace(old, row, length);
        return written;
    }

    /**
     * Deletes the rows that equal one of these.
     *
     * @param rows BSATN of an array of rows
     * @return how many there were
     */
    public int deleteEqual(int table, byte[] rows) {
        Table from = touch(table);
        int[] ends = rowEnds(from, rows);
        int deleted = 0;
        for (int i = 0; i + 1 < ends.length; i++) {
            deleted += delete(from, rows, ends[i], ends[i + 1]);
        }
        return deleted;
    }

    /** Checks all before the first is deleted. */
    private static int[] rowEnds(Table table, byte[] rows) {
        try {
            if (rows.length < 4) {
                throw new BsatnException(0, "Array needs 4 bytes, there are " + rows.length);
            }
            int count = LittleEndian.getInt(rows, 0);
            int least = Math.max(1, table.layout().minimumSize());
            if (count < 0 || table.layout().minimumSize() > 0 && count > (rows.length - 4) / least) {
                throw new BsatnException(0, "Array has " + Integer.toUnsignedString(count) + " rows, for which the bytes do not suffice");
            }
            int known = table.layout().fixedSize() == 0 ? Math.min(count, 1) : count;
            int[] ends = new int[known + 1];
            ends[0] = 4;
            for (int i = 0; i < known; i++) {
                ends[i + 1] = table.layout().check(rows, ends[i], rows.length);
            }
            if (ends[known] != rows.length) {
                throw new BsatnException(ends[known], "the rows end here, but " + (rows.length - ends[known]) + " bytes follow");
            }
            return ends;
        } catch (BsatnException e) {
            throw new StoreException(Reason.BSATN, "Rows of table " + table.schema().name() + " are wrong: " + e.getMessage());
        }
    }

    private static int delete(Table table, byte[] bytes, int from, int to) {
        int address = table.find(bytes, from, to - from);
        if (address == RowPages.NONE) {
            return 0;
        }
        table.delete(address);
        return 1;
    }

    /** Deletes the row; false if there is none. */
    public boolean delete(int table, byte[] row) {
        Table from = touch(table);
        from.check(row, 0, row.length);
        return delete(from, row, 0, row.length) > 0;
    }

    /** Deletes the rows of {@link #scanPoint}; tells how many. */
    public int deletePoint(int index, byte[] point) {
        requireOpen();
        Store.Located located = store.located(index);
        return deleteAll(located.table(), Store.point(located.index(), point));
    }

    /** Deletes the rows of {@link #scanRange}; tells how many. */
    public int deleteRange(int index, IndexRange range) {
        requireOpen();
        Store.Located located = store.located(index);
        return deleteAll(located.table(), RangeScan.of(located.index(), range));
    }

    private int deleteAll(Table table, AddressSource source) {
        IntStack addresses = new IntStack();
        for (int address = source.next(); address != RowPages.NONE; address = source.next()) {
            addresses.push(address);
        }
        touch(table);
        for (int i = 0; i < addresses.size(); i++) {
            table.delete(addresses.get(i));
        }
        return addresses.size();
    }

    /** Deletes all rows of the table; tells how many. */
    public long clear(int table) {
        return touch(table).clear();
    }

    /** Deletes a live row by its address. */
    void delete(Table table, int address) {
        requireOpen();
        touch(table).delete(address);
    }

    /** Inserts a row as it is, without numbers of sequences. */
    void put(Table table, byte[] whole) {
        touch(table).check(whole, 0, whole.length);
        table.insert(whole, whole.length);
    }

    @Override
    public long rowCount(int table) {
        requireOpen();
        return store.rowCount(table);
    }

    @Override
    public RowCursor scan(int table) {
        requireOpen();
        return readable(store.table(table), store.scan(table));
    }

    @Override
    public RowCursor scanPoint(int index, byte[] point) {
        requireOpen();
        return readable(store.located(index).table(), store.scanPoint(index, point));
    }

    @Override
    public RowCursor scanRange(int index, IndexRange range) {
        requireOpen();
        return readable(store.located(index).table(), store.scanRange(index, range));
    }

    /** The end of the transaction ends the cursor too, if its table is known to the transaction. */
    private RowCursor readable(Table table, RowCursor cursor) {
        if (cursor.nextLength() >= 0) {
            touch(table);
        }
        return cursor;
    }

    /** Ends the transaction, keeps what it did and tells it. */
    public Changes commit() {
        requireOpen();
        over = true;
        if (touched.size() > 1) {
            touched.sort(Comparator.comparingInt(table -> table.schema().id()));
        }
        List<Changes.TableChange> changes = new ArrayList<>(touched.size());
        List<Changes.SequenceState> sequences = new ArrayList<>(0);
        for (Table table : touched) {
            table.commit().ifPresent(changes::add);
            table.sequenceStates(sequences);
        }
        store.ended();
        return new Changes(changes, sequences);
    }

    /** Ends the transaction; tables and sequences are as they were before. */
    public void rollback() {
        requireOpen();
        over = true;
        for (Table table : touched) {
            table.rollback();
        }
        store.ended();
    }
}

package dev.cloche.tables;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The tables of one database, in memory.
 *
 * <p>Of one thread at a time; it owns no thread, file or socket. Rows are BSATN from end to end and lie in pages on the heap
 * (decision 0022), so the memory goes when the store is dropped. As a {@link Reader} it shows the tables as they are, with the
 * changes of an open transaction.
 */
public final class Store implements Reader {
    /** The first identifier of tables that hold the rows of views. */
    public static final int FIRST_VIEW = 1 << 30;

    private final DatabaseSchema schema;

    /** Empty tables. */
    public Store(DatabaseSchema schema) {
        this.schema = schema;
    }

    /** The tables as they are defined now. */
    public DatabaseSchema schema() {
        return schema;
    }

    /**
     * Begins a transaction.
     *
     * @throws IllegalStateException if one is open
     */
    public Transaction begin() {
        throw new UnsupportedOperationException();
    }

    /** The identifier of the table with this canonical name. */
    public OptionalInt tableId(String name) {
        throw new UnsupportedOperationException();
    }

    /** The identifier of the index with this canonical name, or one of its aliases. */
    public OptionalInt indexId(String name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a table for the rows of a view as one caller sees them. It can be read, watched and changed by transactions as any
     * other, but is neither in snapshots nor in logged changes.
     *
     * @param view its name is not looked up here; its {@code id} is replaced
     * @return its identifier, from {@link #FIRST_VIEW} on
     */
    public int addView(TableSchema view) {
        throw new UnsupportedOperationException();
    }

    /** Drops a table made by {@link #addView}. No transaction may be open, and no query may use it. */
    public void dropView(int table) {
        throw new UnsupportedOperationException();
    }

    /** Does again what a logged transaction did; nothing is checked but that the rows are rows of their tables. */
    public void replay(Changes changes) {
        throw new UnsupportedOperationException();
    }

    /** Gives all rows, table by table in lists of about a mebibyte, and where the sequences stand, as changes to replay. */
    public void snapshot(Consumer<Changes> parts) {
        throw new UnsupportedOperationException();
    }

    /** About how many bytes rows and indexes take. */
    public long memory() {
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
}

package dev.cloche.tables;

import dev.cloche.schema.TableSchema;

/** Finds the rows of a table by the values of some columns. */
abstract sealed class RowIndex permits OrderedIndex, UniqueHashIndex {
    private final TableSchema.Index schema;
    private final IndexKey key;
    private final boolean unique;

    RowIndex(TableSchema.Index schema, IndexKey key, boolean unique) {
        this.schema = schema;
        this.key = key;
        this.unique = unique;
    }

    final TableSchema.Index schema() {
        return schema;
    }

    final IndexKey key() {
        return key;
    }

    final boolean unique() {
        return unique;
    }

    /** Adds a row that has been placed; if it is unique and a row with this key is there, gives that one's address instead. */
    abstract int add(int address);

    /** Takes out a row that is there. */
    abstract void remove(int address);

    /** Puts a row in the place of another one with the same key; only in a unique index. */
    abstract void swap(int old, int address);

    /** A row with these values in all columns, or {@link RowPages#NONE}. */
    abstract int find(IndexKey.Search search);

    /** The rows with these values. */
    abstract AddressSource point(IndexKey.Search search);

    abstract void clear();

    /** About how many bytes it takes. */
    abstract long memory();
}

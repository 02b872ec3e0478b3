package dev.cloche.tables;

import java.util.List;

/**
 * A query that can be subscribed to; compiled once and shared by all who ask the same with the same parameters.
 *
 * <p>Its rows are rows of one table. Rows that a join finds several times are listed so many times, as clients count them.
 */
public final class Query {
    Query() {}

    /** As it was written by the first who asked. */
    public String text() {
        throw new UnsupportedOperationException();
    }

    /** The name of the table (or view) whose rows it gives. */
    public String tableName() {
        throw new UnsupportedOperationException();
    }

    /** The identifier of that table. */
    public int table() {
        throw new UnsupportedOperationException();
    }

    /** Whether it gives events: there are no initial rows then, and changes have only {@code inserted}. */
    public boolean event() {
        throw new UnsupportedOperationException();
    }

    /** The tables (and tables of views) that it reads. */
    public List<Integer> reads() {
        throw new UnsupportedOperationException();
    }

    /** All its rows now. */
    public RowList rows() {
        throw new UnsupportedOperationException();
    }

    /** What a transaction changed in the rows of a query; not empty. */
    public record Change(Query query, RowList inserted, RowList deleted) {}
}

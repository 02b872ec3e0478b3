package dev.cloche.tables;

import dev.cloche.values.AlgebraicType;

/** A statement of the larger SQL that owners and HTTP callers may use: projection, COUNT, joins, LIMIT, INSERT, DELETE, UPDATE. */
public final class SqlStatement {
    SqlStatement() {}

    /**
     * Compiles a statement.
     *
     * @throws SqlException if it is no such statement, or the caller may not do this
     */
    public static SqlStatement compile(Subscriptions database, String text, SqlCaller caller) {
        throw new UnsupportedOperationException();
    }

    /** Whether it changes rows, so that {@link #change} has to run it; otherwise {@link #rows} does. */
    public boolean changes() {
        throw new UnsupportedOperationException();
    }

    /** Runs a SELECT. */
    public Rows rows() {
        throw new UnsupportedOperationException();
    }

    /** Runs an INSERT, DELETE or UPDATE in a transaction; after an exception the transaction has to be rolled back. */
    public Changed change(Transaction transaction) {
        throw new UnsupportedOperationException();
    }

    /**
     * Rows of a SELECT.
     *
     * @param type of a row; may refer to the typespace of the database
     */
    public record Rows(AlgebraicType.Product type, RowList rows) {}

    /** How many rows were changed. */
    public record Changed(long inserted, long deleted, long updated) {}
}

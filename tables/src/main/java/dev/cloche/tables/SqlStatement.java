package dev.cloche.tables;

import dev.cloche.tables.SqlSyntax.Select;
import dev.cloche.values.AlgebraicType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement of the larger SQL that owners and HTTP callers may use: projection, COUNT, joins, LIMIT, INSERT, DELETE, UPDATE. */
public final class SqlStatement {
    private final @Nullable SqlSelect select;
    private final @Nullable SqlChange change;

    private SqlStatement(@Nullable SqlSelect select, @Nullable SqlChange change) {
        this.select = select;
        this.change = change;
    }

    /**
     * Compiles a statement.
     *
     * @throws SqlException if it is no such statement, or the caller may not do this
     */
    public static SqlStatement compile(Subscriptions database, String text, SqlCaller caller) {
        SqlSyntax syntax = SqlParser.parse(text);
        SqlBinder binder = database.binder(caller);
        if (syntax instanceof Select written) {
            return new SqlStatement(SqlSelect.compile(written, binder), null);
        }
        if (!caller.owner()) {
            throw new SqlException("Caller " + caller.identity().hex() + " is not authorized to run SQL DML statements", 0);
        }
        return new SqlStatement(null, SqlChange.compile(syntax, binder));
    }

    /** Whether it changes rows, so that {@link #change} has to run it; otherwise {@link #rows} does. */
    public boolean changes() {
        return change != null;
    }

    /** Runs a SELECT. */
    public Rows rows() {
        return Optional.ofNullable(select).orElseThrow(() -> new IllegalStateException("The statement changes rows.")).run();
    }

    /**
     * Runs an INSERT, DELETE or UPDATE in a transaction; after an exception the transaction has to be rolled back.
     *
     * @throws SqlException if the rules of a table refuse a row
     */
    public Changed change(Transaction transaction) {
        try {
            return Optional.ofNullable(change).orElseThrow(() -> new IllegalStateException("The statement reads rows.")).run(transaction);
        } catch (StoreException refused) {
            throw new SqlException(String.valueOf(refused.getMessage()), -1);
        }
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

package dev.cloche.storage;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The platform's PostgreSQL: the only truth on the server. Safe for use by several threads; calls block, so make them on
 * virtual threads.
 */
public final class Database {
    private final Supplier<Jdbi> jdbi;
    private final Runnable written;

    /** A database behind this JDBI. */
    public Database(Jdbi jdbi) {
        this(() -> jdbi, () -> {});
    }

    private Database(Supplier<Jdbi> jdbi, Runnable written) {
        this.jdbi = jdbi;
        this.written = written;
    }

    /** A database that is still being opened, for parts that only keep it: whoever uses it waits, and hears why it failed. */
    public static Database opening(Supplier<Database> opened) {
        return new Database(() -> opened.get().jdbi.get(), () -> {});
    }

    /** The same database for somebody whose writes, also those that failed, are followed by this. */
    public Database afterWrites(Runnable work) {
        return new Database(jdbi, work);
    }

    /** Runs queries outside a transaction of their own. */
    public <T> T read(Function<Handle, T> work) {
        return jdbi.get().withHandle(work::apply);
    }

    /** Runs the work in one transaction: all of it is committed when this returns, none of it if it throws. */
    public <T> T write(Function<Handle, T> work) {
        try {
            return jdbi.get().inTransaction(TransactionIsolationLevel.READ_COMMITTED, work::apply);
        } finally {
            written.run();
        }
    }
}

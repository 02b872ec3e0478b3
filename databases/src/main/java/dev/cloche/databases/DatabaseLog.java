package dev.cloche.databases;

import java.util.Optional;

/** A database's log being read; to be closed. For one thread at a time. */
public interface DatabaseLog extends AutoCloseable {
    /**
     * The next line; empty at the end. When following, waits for it, and is empty only when the database is gone.
     *
     * @throws InterruptedException if the reader's thread is to end
     */
    Optional<LogLine> next() throws InterruptedException;

    /** Whether {@link #next} would have a line at once; a writer flushes where not. */
    boolean ready();

    @Override
    void close();
}

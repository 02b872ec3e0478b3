package dev.cloche.tables;

import dev.cloche.tables.StoreException.Reason;

/** How much memory the tables of one store use, and what they have taken of the pool for it. Of the store's thread. */
final class StoreRoom {
    private static final long STEP = 256 << 10;
    /** What one row may cost beside itself: a page, and parts of some indexes. */
    private static final long BESIDE = 192 << 10;

    private final StoreLimits limits;
    private long used;
    private long taken;
    private long changed;

    StoreRoom(StoreLimits limits) {
        this.limits = limits;
    }

    /** Refuses a row for which there is no room. */
    void wants(int length) {
        if (used + length > limits.memory()) {
            throw new StoreException(Reason.NO_SPACE, "The database is full: its tables may take " + limits.memory() + " bytes. Delete rows.");
        }
        wantsOfPool(length);
    }

    /** As {@link #wants}, for rows that the store had before: only the memory that is there limits them. */
    void wantsOfPool(int length) {
        long needed = used + 2L * length + BESIDE;
        if (needed > taken) {
            long more = (needed - taken + STEP - 1) / STEP * STEP;
            if (!limits.pool().take(more)) {
                throw new StoreException(Reason.NO_SPACE,
                        "The memory for the tables of all databases is used up: they may take " + limits.pool().limit()
                                + " bytes together. Delete rows or databases, or give the server more.");
            }
            taken += more;
        }
    }

    /** Counts bytes of rows that the open transaction inserts or deletes; refuses too many. */
    void changes(long bytes) {
        if (changed + bytes > limits.transaction()) {
            throw new StoreException(Reason.NO_SPACE,
                    "One transaction may insert and delete " + limits.transaction() + " bytes of rows. Divide the work among several calls.");
        }
        changed += bytes;
    }

    /** A table grew by so many bytes, or shrank. */
    void grew(long bytes) {
        used += bytes;
    }

    long used() {
        return used;
    }

    /** A transaction is over: gives back what is not needed. */
    void settle() {
        changed = 0;
        long spare = (taken - used - BESIDE) / STEP * STEP;
        if (spare > 2 * STEP) {
            limits.pool().give(spare);
            taken -= spare;
        }
    }

    /** Counts from nothing again. */
    void recount() {
        used = 0;
    }

    /** Gives all back. */
    void close() {
        limits.pool().give(taken);
        taken = 0;
        used = 0;
    }
}

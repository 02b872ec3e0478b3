package dev.cloche.tables;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of memory that many take together, and never more than a limit. Any thread. */
public final class MemoryPool {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** Of so many bytes. */
    public MemoryPool(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("the memory of tables must be positive, is " + limit);
        }
        this.limit = limit;
    }

    /** Takes so many bytes; false if there are not so many. */
    public boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= limit) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** How many bytes there are. */
    public long limit() {
        return limit;
    }

    /** How many are taken; stores take a little more than they use. */
    public long taken() {
        return taken.get();
    }
}

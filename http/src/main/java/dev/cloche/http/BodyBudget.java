package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many bytes of request bodies are held at a time: a quarter of the heap. Many large uploads wait for each other instead
 * of filling the memory; small bodies are not counted.
 */
final class BodyBudget {
    private static final long SMALL = 256 * 1024;
    private static final long UNIT = 64 * 1024;

    private final Semaphore units;
    private final int all;
    private final long waitMillis;

    /** Room for one body, given back by closing. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    BodyBudget(long bytes, long waitMillis) {
        this.all = (int) Math.max(1, bytes / UNIT);
        this.units = new Semaphore(all, true);
        this.waitMillis = waitMillis;
    }

    /** A budget for this process. */
    static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / 4, 20_000);
    }

    /** Room for so many bytes; waits for it, and is a problem if it does not come in time. */
    Lease take(long bytes) {
        if (bytes <= SMALL) {
            return () -> {};
        }
        // one body above the whole budget may still come, but alone
        int wanted = (int) Math.min(all, (bytes + UNIT - 1) / UNIT);
        try {
            if (!units.tryAcquire(wanted, waitMillis, TimeUnit.MILLISECONDS)) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "Too many large uploads at once; try again in a moment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The server stops.");
        }
        return () -> units.release(wanted);
    }
}

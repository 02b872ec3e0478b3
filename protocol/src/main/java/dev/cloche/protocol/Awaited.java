package dev.cloche.protocol;

import dev.cloche.databases.LiveDatabase;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a database does, up to a minute. */
final class Awaited {
    private static final long PATIENCE_SECONDS = 60;
    private static final long POLL_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(1);

    private Awaited() {}

    /** What the database answers; what it throws is thrown here. */
    static <T> T answer(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "The database did not answer within " + PATIENCE_SECONDS + " seconds.");
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Returns when the transaction of this number would survive the end of the power supply. */
    static void durable(LiveDatabase database, long offset) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (database.durableOffset() < offset) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "It is done, but not yet written durably.");
            }
            LockSupport.parkNanos(POLL_NANOSECONDS);
        }
    }
}

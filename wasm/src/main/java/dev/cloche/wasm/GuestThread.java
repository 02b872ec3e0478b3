package dev.cloche.wasm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread with a stack that is large enough for guests: a guest that recurses without end must meet its own
 * limit before it meets the thread's, or the process would be lost. Guests run on no other thread.
 */
public final class GuestThread extends Thread {
    /** What a guest's own calls may take. */
    static final long GUEST_STACK = 4L << 20;
    /** How many instances may call one another on one thread, by way of host functions. */
    static final int NESTED = 3;
    /** Room for nested guests, and for the host below and between. */
    private static final long STACK = NESTED * GUEST_STACK + (12L << 20);

    /** The innermost instance that runs here; only this thread uses it. */
    @Nullable GuestInstance current;
    /** How many instances run here, one called by the other. */
    int depth;

    /** A thread of this name; not started yet. */
    public GuestThread(String name, Runnable work) {
        super(null, work, name, STACK);
    }

    /** Makes daemon threads named {@code prefix-1}, {@code prefix-2}, …, for an executor. */
    public static ThreadFactory factory(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            GuestThread thread = new GuestThread(prefix + "-" + count.incrementAndGet(), work);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Does some work on a thread of its own and waits for the result; what the work throws is thrown here. */
    public static <T> T call(String name, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        GuestThread thread = new GuestThread(name, () -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The current thread, which must be one of these. */
    static GuestThread here() {
        if (Thread.currentThread() instanceof GuestThread thread) {
            return thread;
        }
        throw new IllegalStateException("guests run on a GuestThread only, not on " + Thread.currentThread());
    }
}

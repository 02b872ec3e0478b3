package dev.cloche.server;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Starts a slow part on a thread of its own while the others are made. */
final class InParallel {
    private InParallel() {}

    /** Begins the work. */
    static <T> FutureTask<T> start(String name, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("start-" + name).start(task);
        return task;
    }

    /** Closes what the work made, if it made anything; waits for it. */
    static AutoCloseable closing(FutureTask<? extends AutoCloseable> task) {
        return () -> {
            try {
                task.get().close();
            } catch (ExecutionException nothingMade) {
                // who asked for it was told
            }
        };
    }

    /** Waits for the work; throws what it threw. */
    static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }
}

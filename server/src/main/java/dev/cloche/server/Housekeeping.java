package dev.cloche.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does a recurring task in the background, for as long as the server runs; a failure is logged and the next turn comes. */
final class Housekeeping implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("housekeeping").factory());

    /** Runs the task after each pause; its result is logged. */
    Housekeeping(Duration pause, Callable<?> task) {
        thread.scheduleWithFixedDelay(() -> run(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static void run(Callable<?> task) {
        try {
            LOG.log(System.Logger.Level.INFO, "event=housekeeping result=\"{0}\"", task.call());
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "event=housekeeping_failed", e);
        }
    }
}

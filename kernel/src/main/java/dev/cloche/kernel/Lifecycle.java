package dev.cloche.kernel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The parts that run, in the order in which they were started; they are stopped in the reverse order, each within its
 * deadline, whatever the others do.
 */
public final class Lifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private record Running(String name, Duration deadline, AutoCloseable part) {}

    private final Deque<Running> running = new ArrayDeque<>();
    private volatile boolean closed;

    /** Starts a part and keeps it for the end; a part that fails to start leaves the earlier ones to {@link #close}. */
    public synchronized <T extends AutoCloseable> T start(String name, Duration deadline, Supplier<T> part) {
        long started = System.nanoTime();
        if (closed) {
            throw new IllegalStateException("stopping: '" + name + "' is not started any more");
        }
        T made = part.get();
        running.push(new Running(name, deadline, made));
        LOG.log(System.Logger.Level.DEBUG, "event=started part={0} ms={1,number,#}", name, (System.nanoTime() - started) / 1_000_000);
        return made;
    }

    /** Stops what runs, last started first, and starts nothing any more; calling it again does nothing. */
    @Override
    public void close() {
        closed = true;
        for (Running next = pop(); next != null; next = pop()) {
            stop(next);
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Running pop() {
        return running.poll();
    }

    private static void stop(Running part) {
        long started = System.nanoTime();
        Thread closer = Thread.ofPlatform().daemon().name("stop-" + part.name()).start(() -> {
            try {
                part.part().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "event=stop_failed part=" + part.name(), e);
            }
        });
        try {
            if (!closer.join(part.deadline())) {
                LOG.log(System.Logger.Level.WARNING, "event=stop_too_slow part={0} deadline={1}", part.name(), part.deadline());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.log(System.Logger.Level.DEBUG, "event=stopped part={0} ms={1,number,#}", part.name(), (System.nanoTime() - started) / 1_000_000);
    }
}

package dev.cloche.wasm;

import java.time.Duration;

/** The clock of an engine: a thread that counts ticks of 10 ms and says so. Calls read the count, not the time. */
final class Ticker implements AutoCloseable {
    private static final long TICK_NANOS = 10_000_000;

    private final Runnable onTick;
    private final Thread thread;
    private volatile long now;
    private volatile boolean closed;

    Ticker(Runnable onTick) {
        this.onTick = onTick;
        this.thread = Thread.ofPlatform().daemon().name("wasm-ticker").unstarted(this::count);
        thread.start();
    }

    private void count() {
        long start = System.nanoTime();
        while (!closed) {
            try {
                Thread.sleep(Duration.ofNanos(TICK_NANOS));
            } catch (InterruptedException e) {
                continue; // closed, or nobody's business
            }
            now = (System.nanoTime() - start) / TICK_NANOS;
            onTick.run();
        }
    }

    /** Ticks since the start. */
    long now() {
        return now;
    }

    /** How many ticks a time-out is: at least as long, at most two longer. */
    static long ticks(Duration timeout) {
        long nanos = timeout.compareTo(Duration.ofDays(10_000)) > 0 ? Duration.ofDays(10_000).toNanos() : timeout.toNanos();
        return (nanos + TICK_NANOS - 1) / TICK_NANOS + 1;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

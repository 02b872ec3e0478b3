package dev.cloche.coordinator;

import java.time.Duration;

/** Wakes those who wait for something to happen. Any thread. */
final class Signal {
    private long times;

    /** How often it was given; taken before one looks, and handed to {@link #await}. */
    synchronized long now() {
        return times;
    }

    /** Wakes all who wait. */
    synchronized void give() {
        times++;
        notifyAll();
    }

    /** Waits until it was given since then, at most for this time; how often it was given is answered. */
    synchronized long await(long since, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (times == since) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return times;
            }
            long millis = left / 1_000_000;
            wait(millis, (int) (left - millis * 1_000_000));
        }
        return times;
    }
}

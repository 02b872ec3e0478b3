package dev.cloche.databases;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls a database steadily and notes how long each call took; beside it, how long two threads need to hand each other a word, which
 * is what the machine itself makes everybody wait.
 */
final class Neighbour implements AutoCloseable {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(3);
    private static final byte[] NOTHING = new byte[0];

    private final LiveDatabase database;
    private final HeardClient client = new HeardClient("neighbour");
    private final LinkedBlockingQueue<Long> asked = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Long> answered = new LinkedBlockingQueue<>();
    private final Thread echo = Thread.ofPlatform().daemon().name("echo").unstarted(this::echo);
    private final Thread probe = Thread.ofPlatform().daemon().name("neighbour").unstarted(this::probe);
    private final List<Long> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> words = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean over;

    /** What was measured, in milliseconds. */
    record Measured(int calls, double slowest, double p99, double machine) {
        @Override
        public String toString() {
            return String.format("%d calls, p99 %.1f ms, slowest %.1f ms; the machine alone: p99 %.1f ms", calls, p99, slowest, machine);
        }
    }

    Neighbour(LiveDatabase database) throws InterruptedException {
        this.database = database;
        database.connect(client);
        if (!client.next().equals("opened")) {
            throw new AssertionError("the neighbour cannot connect");
        }
        echo.start();
        probe.start();
    }

    private void echo() {
        try {
            while (true) {
                answered.add(asked.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe() {
        try {
            for (int request = 1; !over; request++) {
                long start = System.nanoTime();
                database.callReducer(client, request, "beat", NOTHING);
                client.next();
                long end = System.nanoTime();
                calls.add(end - start);
                asked.add(end);
                answered.take();
                words.add(System.nanoTime() - end);
                LockSupport.parkNanos(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets what was measured. */
    void forget() {
        calls.clear();
        words.clear();
    }

    Measured measured() {
        List<Long> sorted = sorted(calls);
        return new Measured(sorted.size(), sorted.getLast() / 1e6, p99(sorted), p99(sorted(words)));
    }

    private static List<Long> sorted(List<Long> all) {
        synchronized (all) {
            return all.stream().sorted().toList();
        }
    }

    private static double p99(List<Long> sorted) {
        return sorted.get((int) ((sorted.size() - 1) * 0.99)) / 1e6;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        probe.join();
        echo.interrupt();
        echo.join();
    }
}

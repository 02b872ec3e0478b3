package dev.cloche.packages;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Lets several threads that want the same thing at the same time wait for one computation of it. Nothing is remembered
 * afterwards. Safe for use by several threads.
 */
final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, FutureTask<V>> flights = new ConcurrentHashMap<>();

    /** What is computed; may fail. */
    @FunctionalInterface
    interface Work<V> {
        /** The value. */
        V compute() throws Exception;
    }

    /**
     * The value of the running computation for this key, or of a new one on this thread. A failure reaches all who wait.
     * A waiting thread that is interrupted leaves; the computation goes on for the others.
     */
    V get(K key, Work<V> work) throws ExecutionException, InterruptedException {
        FutureTask<V> mine = new FutureTask<>(work::compute);
        FutureTask<V> running = flights.putIfAbsent(key, mine);
        if (running != null) {
            return running.get();
        }
        try {
            mine.run();
            return mine.get();
        } finally {
            flights.remove(key, mine);
        }
    }
}

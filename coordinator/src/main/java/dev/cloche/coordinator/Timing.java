package dev.cloche.coordinator;

/**
 * How long one place took for calls of one kind, newer ones counting more. Times in nanoseconds. Guarded by its owner.
 *
 * <p>Quantiles come from counts in steps of about a fifth; all counts are halved when there are many.
 */
final class Timing {
    private static final int STEPS_PER_DOUBLING = 4;
    private static final int BUCKETS = 40 * STEPS_PER_DOUBLING;
    private static final int MANY = 256;
    private static final double NEWEST = 0.1;

    private final short[] buckets = new short[BUCKETS];
    private int counted;
    private long calls;
    private double mean;
    private long last = System.nanoTime();

    void add(long nanos) {
        calls++;
        // the first call of a worker at a place often pays for things that come once
        mean = calls == 2 ? Math.min(nanos, (mean + nanos) / 2) : mean + (nanos - mean) * Math.max(NEWEST, 1.0 / calls);
        last = System.nanoTime();
        buckets[bucket(nanos)]++;
        if (++counted >= MANY) {
            counted = 0;
            for (int i = 0; i < BUCKETS; i++) {
                buckets[i] /= 2;
                counted += buckets[i];
            }
        }
    }

    /** How many there were. */
    long calls() {
        return calls;
    }

    /** What a call takes. */
    double mean() {
        return mean;
    }

    /** When the last one was added, as by {@link System#nanoTime}. */
    long last() {
        return last;
    }

    /** The time that this part of the calls does not exceed, from above. */
    double quantile(double part) {
        double wanted = Math.ceil(counted * part);
        int sum = 0;
        for (int i = 0; i < BUCKETS; i++) {
            sum += buckets[i];
            if (sum >= wanted && sum > 0) {
                return Math.pow(2, (i + 1) / (double) STEPS_PER_DOUBLING);
            }
        }
        return mean;
    }

    private static int bucket(long nanos) {
        double doublings = Math.log(Math.max(1, nanos)) / Math.log(2);
        return Math.min(BUCKETS - 1, (int) (doublings * STEPS_PER_DOUBLING));
    }
}

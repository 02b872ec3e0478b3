package dev.cloche.coordinator;

/** The mean of values in which old ones count less and less. Any thread. */
final class DecayedMean {
    private final int of;
    private long count;
    private double mean;

    /** Over about so many values. */
    DecayedMean(int of) {
        this.of = of;
    }

    synchronized void note(double value) {
        count++;
        mean += (value - mean) / Math.min(count, of);
    }

    /** 0 before the first value. */
    synchronized double value() {
        return mean;
    }
}

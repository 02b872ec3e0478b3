package dev.cloche.databases;

import java.time.Duration;

/**
 * How long databases can be had as they were. What is needed for the present is kept in any case.
 *
 * @param time so far back, where there is room
 * @param bytes what the past of one database may take in PostgreSQL
 */
public record HistoryLimits(Duration time, long bytes) {
    /** A week, one GiB. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(Duration.ofDays(7), 1L << 30);

    /** Checks that they are not negative. */
    public HistoryLimits {
        if (time.isNegative() || bytes < 0) {
            throw new IllegalArgumentException("limits of the history must not be negative");
        }
    }
}

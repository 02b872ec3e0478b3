package dev.cloche.databases;

import java.time.Duration;

/**
 * What one database may use.
 *
 * @param callTime longest time of one reducer or view, and of a transaction of a procedure
 * @param procedureTime longest time of one procedure; HTTP handlers have half a minute of it at most
 * @param moduleMemory bytes of memory of one instance of the module
 * @param tableMemory bytes that rows and indexes may take; a transaction that goes beyond is refused
 * @param log bytes to which the log grows at least before a snapshot takes its place
 * @param waiting most calls that wait for their turn
 * @param clients most clients that are connected
 * @param queries most queries that one client watches
 */
public record DatabaseLimits(Duration callTime, Duration procedureTime, long moduleMemory, long tableMemory, long log, int waiting, int clients, int queries) {
    /** 5 seconds, a minute, 512 MiB, a third of this process's memory but at most 2 GiB, 32 MiB, 100,000 calls, 10,000 clients, 1,000 queries. */
    public static final DatabaseLimits DEFAULT = new DatabaseLimits(
            Duration.ofSeconds(5), Duration.ofMinutes(1), 512L << 20, Math.min(2L << 30, Runtime.getRuntime().maxMemory() / 3), 32L << 20,
            100_000, 10_000, 1_000);

    /** Checks that all are positive. */
    public DatabaseLimits {
        if (callTime.isNegative() || callTime.isZero() || procedureTime.compareTo(callTime) < 0 || moduleMemory <= 0 || tableMemory <= 0
                || log <= 0 || waiting <= 0 || clients <= 0 || queries <= 0) {
            throw new IllegalArgumentException("limits of databases must be positive");
        }
    }
}

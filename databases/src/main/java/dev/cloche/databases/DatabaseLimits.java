package dev.cloche.databases;

import dev.cloche.wasm.Limits;
import java.time.Duration;

/**
 * What one database may use.
 *
 * @param callTime longest time of one reducer or view, and of a transaction of a procedure
 * @param procedureTime longest time of one procedure; HTTP handlers have half a minute of it at most
 * @param moduleMemory bytes of memory of one instance of the module
 * @param tableMemory bytes that rows and indexes may take
 * @param transaction bytes of rows that one transaction may insert and delete
 * @param log bytes to which the log grows at least before a snapshot takes its place
 * @param queue what may wait for its turn, and be connected
 */
public record DatabaseLimits(
        Duration callTime, Duration procedureTime, long moduleMemory, long tableMemory, long transaction, long log, Queue queue) {
    private static final long HEAP = Runtime.getRuntime().maxMemory();

    /**
     * 5 seconds, a minute, 512 MiB, a third of this process's memory but at most 2 GiB, a twenty-fourth but at most 256 MiB, 32 MiB.
     */
    public static final DatabaseLimits DEFAULT = new DatabaseLimits(
            Duration.ofSeconds(5), Duration.ofMinutes(1), 512L << 20, Math.min(2L << 30, HEAP / 3), Math.min(256L << 20, HEAP / 24), 32L << 20,
            Queue.DEFAULT);

    /** Checks that all are positive. */
    public DatabaseLimits {
        if (callTime.isNegative() || callTime.isZero() || procedureTime.compareTo(callTime) < 0 || moduleMemory <= 0 || tableMemory <= 0
                || transaction <= 0 || log <= 0) {
            throw new IllegalArgumentException("limits of databases must be positive");
        }
    }

    /** What one instance of the module may use. */
    Limits instance() {
        return new Limits(moduleMemory, Limits.DEFAULT.tableElements(), callTime);
    }

    /** The same with a snapshot after so many bytes of log. */
    public DatabaseLimits withLog(long bytes) {
        return new DatabaseLimits(callTime, procedureTime, moduleMemory, tableMemory, transaction, bytes, queue);
    }

    /** The same with other times for calls and procedures. */
    public DatabaseLimits withTimes(Duration call, Duration procedure) {
        return new DatabaseLimits(call, procedure, moduleMemory, tableMemory, transaction, log, queue);
    }

    /** The same with other sizes of an instance, of the tables and of a transaction. */
    public DatabaseLimits withMemory(long module, long tables, long changes) {
        return new DatabaseLimits(callTime, procedureTime, module, tables, changes, log, queue);
    }

    /**
     * Who and what may come at once.
     *
     * @param calls most calls that wait for their turn
     * @param bytes what the arguments of those take at most
     * @param clients most clients that are connected
     * @param queries most queries that one client watches
     */
    public record Queue(int calls, long bytes, int clients, int queries) {
        /** 100,000 calls with 64 MiB, 10,000 clients, 1,000 queries. */
        public static final Queue DEFAULT = new Queue(100_000, 64L << 20, 10_000, 1_000);

        /** Checks that all are positive. */
        public Queue {
            if (calls <= 0 || bytes <= 0 || clients <= 0 || queries <= 0) {
                throw new IllegalArgumentException("limits of databases must be positive");
            }
        }
    }
}

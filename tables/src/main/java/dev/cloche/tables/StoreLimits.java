package dev.cloche.tables;

/**
 * What the tables of one store may take.
 *
 * @param pool what all stores may take together
 * @param memory bytes of rows and indexes
 * @param transaction bytes of rows that one transaction may insert and delete
 */
public record StoreLimits(MemoryPool pool, long memory, long transaction) {
    /** For stores that hold what was checked already, and for tests. */
    public static final StoreLimits NONE = new StoreLimits(new MemoryPool(Long.MAX_VALUE / 2), Long.MAX_VALUE / 2, Long.MAX_VALUE / 2);

    /** Checks that they are positive. */
    public StoreLimits {
        if (memory <= 0 || transaction <= 0) {
            throw new IllegalArgumentException("limits of a store must be positive");
        }
    }
}

package dev.cloche.databases;

import dev.cloche.tables.MemoryPool;

/**
 * The memory that all databases of a server take together.
 *
 * @param tables rows and indexes, on the heap
 * @param modules the memories of all instances, beside the heap
 */
public record SharedMemory(MemoryPool tables, MemoryPool modules) {
    private static final long HEAP = Runtime.getRuntime().maxMemory();
    /** Three fifths of what this process may have. */
    public static final long TABLES = HEAP / 5 * 3;
    /** Half as much again as this process may have: a fifth of the machine, where it has two. */
    public static final long MODULES = HEAP / 2;

    /** With so many bytes. */
    public static SharedMemory of(long tables, long modules) {
        return new SharedMemory(new MemoryPool(tables), new MemoryPool(modules));
    }

    /** With as much as this machine suggests. */
    public static SharedMemory usual() {
        return of(TABLES, MODULES);
    }
}

package dev.cloche.databases;

import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.tables.MemoryPool;
import dev.cloche.wasm.Limits;

/** An instance of a module whose memory is counted among that of all. Of one guest thread at a time. */
final class CountedInstance implements AutoCloseable {
    /** With less than this a module is not started. */
    private static final long LEAST = 32L << 20;

    private final MemoryPool pool;
    private final ModuleInstance instance;
    private long counted;

    private CountedInstance(MemoryPool pool, ModuleInstance instance) {
        this.pool = pool;
        this.instance = instance;
    }

    /**
     * Starts one, which may grow to what is left.
     *
     * @throws ModuleRefused if that fails, or there is no memory
     */
    static CountedInstance start(Module module, Module.Place place, MemoryPool pool) {
        long left = pool.limit() - pool.taken();
        if (left < LEAST) {
            throw noMemory(pool);
        }
        Limits limits = place.limits();
        Limits here = new Limits(Math.min(limits.memoryBytes(), left), limits.tableElements(), limits.timeout());
        CountedInstance made = new CountedInstance(pool, module.start(new Module.Place(place.database(), place.log(), place.outside(), here)));
        if (!made.settle()) {
            made.close();
            throw noMemory(pool);
        }
        return made;
    }

    private static ModuleRefused noMemory(MemoryPool pool) {
        return new ModuleRefused(ModuleRefused.Reason.MEMORY, "The memory for the modules of all databases is used up: they may take " + pool.limit()
                + " bytes together. Delete databases, or give the server more.");
    }

    ModuleInstance instance() {
        return instance;
    }

    /** Counts what it grew by; false if there is not so much, so that it has to be closed. */
    boolean settle() {
        long now = instance.memory();
        if (now != counted) {
            if (!pool.take(now - counted)) {
                return false;
            }
            counted = now;
        }
        return true;
    }

    @Override
    public void close() {
        instance.close();
        pool.give(counted);
        counted = 0;
    }
}

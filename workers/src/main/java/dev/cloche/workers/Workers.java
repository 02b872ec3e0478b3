package dev.cloche.workers;

import dev.cloche.wasm.Engine;

/** Opens workers on one engine, which is the caller's to close. Any thread. */
public final class Workers {
    private final Engine engine;

    /** On this engine. */
    public Workers(Engine engine) {
        this.engine = engine;
    }

    /** The engine's name and version. */
    public String engine() {
        return engine.name();
    }

    /** Whether builds with vectors are run. */
    public boolean simd() {
        return engine.name().startsWith("wasmtime");
    }

    /**
     * Compiles a worker, or takes its code from the cache, and starts its threads.
     *
     * @throws dev.cloche.kernel.Problem that names the field, if a module is no module, imports what is not offered, or
     *     wants what is not granted
     */
    public Worker open(WorkerBundle bundle, WorkerSettings settings) {
        throw new UnsupportedOperationException("not yet: " + bundle.digest() + settings.slots());
    }
}

package dev.cloche.wasm;

/** A module with its imports resolved, from which instances are made. Any thread may use it. */
public interface Template extends AutoCloseable {
    /**
     * Makes an instance and runs its start function, if it has one. On wasmtime the memory's content is shared with the
     * code file until it is written, so this takes about 0.1 ms whatever the size. Only on a {@link GuestThread}.
     *
     * @param limits what the instance may use
     * @param context what host functions get by {@link Frame#context}
     * @throws LimitExceeded if the module's initial memory or table is larger than the limits
     * @throws Trap if its initial content lies outside its memory, or the start function was ended
     * @throws HostFailure if a host function threw
     */
    Instance instantiate(Limits limits, Object context);

    /** Gives the template up; its instances go on. */
    @Override
    void close();
}

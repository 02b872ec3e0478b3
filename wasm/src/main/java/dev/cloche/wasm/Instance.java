package dev.cloche.wasm;

/**
 * A running module: its memory and its variables, and those of the libraries that are linked to it. One thread at a time may use it, and only a {@link GuestThread} may
 * run it; any thread may {@link #interrupt} it. A second thread that tries gets an {@link IllegalStateException}.
 */
public interface Instance extends Part, AutoCloseable {
    /** What was given when it was made. */
    Object context();

    /**
     * The part that was linked as a library of this name; the instance itself is its main module.
     *
     * @throws IllegalArgumentException if there is none
     */
    Part part(String library);

    /**
     * Ends the call that runs now with {@link Trap.Kind#INTERRUPTED}, as soon as the guest runs again if a host function
     * is busy; does nothing if none runs. Any thread.
     */
    void interrupt();

    /**
     * Whether the call that runs now is to end: a host function that takes long asks, and returns early.
     * True from {@link #interrupt} or the end of the time-out until the outermost call has ended.
     */
    boolean ending();

    /**
     * Frees it at once. Any thread.
     *
     * @throws IllegalStateException if a call runs: interrupt first, and wait
     */
    @Override
    void close();
}

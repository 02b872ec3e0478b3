package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;

/**
 * A running module: its memory and its variables. One thread at a time may use it, and only a {@link GuestThread} may
 * run it; any thread may {@link #interrupt} it. A second thread that tries gets an {@link IllegalStateException}.
 */
public interface Instance extends AutoCloseable {
    /** What was given when it was made. */
    Object context();

    /**
     * Prepares calls of an exported function.
     *
     * @throws IllegalArgumentException if there is no such function, or its values cannot cross
     */
    Call call(String export);

    /**
     * The memory exported as {@code memory}, as large as it is now; see {@link Frame#memory}. An instance that exports
     * none has an empty one. Of no use after the instance is closed: access then throws {@link IllegalStateException}.
     */
    MemorySegment memory();

    /** Enlarges the memory by this many pages of 64 KiB, filled with zeros; false if the limits forbid it. */
    boolean growMemory(int pages);

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

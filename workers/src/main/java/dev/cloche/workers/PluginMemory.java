package dev.cloche.workers;

/** The memory that a worker shares with the functions of its host; {@code frame.context(PluginMemory.class)} in such a function. */
public interface PluginMemory {
    /** The bytes of a block; empty for 0 and for what is no block's offset. */
    byte[] read(long offset);

    /**
     * A new block with these bytes; 0 for none.
     *
     * @throws RuntimeException that ends the guest, if there is no more room
     */
    long write(byte[] bytes);

    /** Gives a block back. */
    void free(long offset);
}

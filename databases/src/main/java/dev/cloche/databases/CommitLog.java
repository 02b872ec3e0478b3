package dev.cloche.databases;

/** Where transactions of one database are kept for ever. Appending does not wait; durability is told later. */
interface CommitLog extends AutoCloseable {
    /** Takes a transaction: its number, one more than the one before, and its changes in their bytes. Never blocks for long. */
    void append(long offset, byte[] changes);

    /** Up to which number all would survive the end of the power supply. */
    long durable();

    /** Is called with the new number each time it rises; on a thread of the log. */
    void listen(Listener listener);

    /** Whoever wants to hear of durability. */
    interface Listener {
        /** All up to this number are safe. */
        void durable(long offset);

        /** The log cannot be written any more; the database has to stop. */
        void failed(RuntimeException cause);
    }

    /** Writes what waits, then ends. */
    @Override
    void close();
}

package dev.cloche.databases;

/** Where transactions of one database are kept for ever. Appending does not wait; durability is told later. */
interface CommitLog extends AutoCloseable {
    /** Takes a transaction: its number, one more than the one before, and its changes in their bytes. Never blocks for long. */
    void append(long offset, byte[] changes);

    /** Takes a part of a snapshot; the parts of one come in order, with nothing but transactions between them. May wait for the disk. */
    void keep(SnapshotPart part);

    /** Whether much waits for the disk. */
    boolean busy();

    /** Up to which number all would survive the end of the power supply. */
    long durable();

    /** Is called with the new number each time it rises; on a thread of the log. */
    void listen(Listener listener);

    /**
     * Some of all rows, as they were after a transaction; with the last part the log up to that transaction goes.
     *
     * @param at number of that transaction
     * @param number from 0
     * @param content changes in their bytes
     */
    record SnapshotPart(long at, int number, byte[] content, boolean last) {}

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

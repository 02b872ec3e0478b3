package dev.cloche.databases;

import dev.cloche.storage.Database;
import dev.cloche.values.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log in PostgreSQL by group commit: while one write is under way, what comes is collected for the next, so that the log
 * is as fast as the disk whether one client waits for each call or a thousand do not.
 */
final class PostgresCommitLog implements CommitLog {
    /** So many bytes wait at most; a database that fills them faster than the disk empties them has to wait. */
    private static final int MOST_WAITING = 64 << 20;

    /** The same for snapshots, which wait so that the database need not. */
    private static final int MOST_SNAPSHOT_WAITING = 256 << 20;

    private static final int LARGEST_WRITE = 8 << 20;

    private final Database database;
    private final DatabaseRows rows;
    private final Identity of;
    private final byte[] identity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread writer;
    private List<Entry> waiting = new ArrayList<>();
    private int waitingBytes;
    private long appended;
    private boolean closing;
    private volatile long durable;
    private volatile @Nullable Listener listener;
    private volatile @Nullable RuntimeException failure;

    /** What is written, in order. */
    private sealed interface Entry {
        byte[] content();

        /** A transaction's changes. */
        record Commit(byte[] content) implements Entry {}

        /** A part of a snapshot. */
        record Part(SnapshotPart part) implements Entry {
            @Override
            public byte[] content() {
                return part.content();
            }
        }
    }

    /** From transaction {@code last} on. */
    PostgresCommitLog(Database database, Identity identity, long last) {
        this.database = database;
        rows = new DatabaseRows(database);
        of = identity;
        this.identity = DatabaseRows.bytes(identity);
        appended = last;
        durable = last;
        writer = Thread.ofVirtual().name("log-" + identity.hex().substring(0, 12)).start(this::write);
    }

    @Override
    public void append(long offset, byte[] changes) {
        lock.lock();
        try {
            while (waitingBytes > MOST_WAITING && failure == null) {
                changed.awaitUninterruptibly();
            }
            if (failure != null || closing || offset != appended + 1) {
                throw new IllegalStateException("transaction " + offset + " cannot be logged after " + appended, failure);
            }
            appended = offset;
            add(new Entry.Commit(changes));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void keep(SnapshotPart part) {
        lock.lock();
        try {
            while (waitingBytes > MOST_SNAPSHOT_WAITING && failure == null) {
                changed.awaitUninterruptibly();
            }
            if (failure == null && !closing) {
                add(new Entry.Part(part));
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Entry entry) {
        waiting.add(entry);
        waitingBytes += entry.content().length + Integer.BYTES;
        changed.signalAll();
    }

    @Override
    public boolean busy() {
        lock.lock();
        try {
            return waitingBytes > LARGEST_WRITE;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long durable() {
        return durable;
    }

    @Override
    public void listen(Listener heard) {
        listener = heard;
    }

    private void write() {
        for (List<Entry> batch = next(); !batch.isEmpty(); batch = next()) {
            try {
                write(batch);
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
        }
    }

    /** Waits for work; empty when the log is closed and nothing waits. */
    private List<Entry> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            List<Entry> batch = waiting;
            int bytes = 0;
            int count = 0;
            while (count < batch.size() && bytes < LARGEST_WRITE) {
                bytes += batch.get(count++).content().length + Integer.BYTES;
            }
            waiting = new ArrayList<>(batch.subList(count, batch.size()));
            waitingBytes -= bytes;
            changed.signalAll();
            return count == batch.size() ? batch : new ArrayList<>(batch.subList(0, count));
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Entry> batch) {
        List<byte[]> transactions = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            switch (entry) {
                case Entry.Commit(byte[] content) -> transactions.add(content);
                case Entry.Part(SnapshotPart part) -> {
                    commit(transactions);
                    transactions.clear();
                    rows.keep(of, part);
                }
            }
        }
        commit(transactions);
    }

    private void commit(List<byte[]> transactions) {
        if (transactions.isEmpty()) {
            return;
        }
        byte[] content = CommitContent.join(transactions);
        long first = durable + 1;
        long last = durable + transactions.size();
        // one statement is a transaction by itself, in one round trip instead of three
        database.read(handle -> handle.createUpdate("INSERT INTO live_commit (identity, first_at, last_at, content) VALUES (:identity, :first, :last, :content)")
                .bind("identity", identity)
                .bind("first", first)
                .bind("last", last)
                .bind("content", content)
                .execute());
        durable = last;
        Listener hears = listener;
        if (hears != null) {
            hears.durable(last);
        }
    }

    private void fail(RuntimeException e) {
        lock.lock();
        try {
            failure = e;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Listener hears = listener;
        if (hears != null) {
            hears.failed(e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

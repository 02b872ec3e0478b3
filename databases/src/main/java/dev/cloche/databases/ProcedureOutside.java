package dev.cloche.databases;

import dev.cloche.modules.ModuleInstance;
import dev.cloche.tables.Store;
import dev.cloche.tables.Transaction;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What a procedure may ask for: the tables for one transaction at a time, sleep, and requests to other servers. Of the procedure's thread. */
final class ProcedureOutside extends DatabaseOutside {
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

    private final RunningDatabase database;
    private @Nullable ModuleInstance instance;
    private volatile long lastCommit;

    ProcedureOutside(RunningDatabase database, Claims claims) {
        super(database, claims);
        this.database = database;
    }

    void of(ModuleInstance running) {
        instance = running;
    }

    /** The number of the last transaction that was committed here; 0 for none. */
    long lastCommit() {
        return lastCommit;
    }

    /** The database's thread stands still while the procedure has its tables, so there is always one writer. */
    @Override
    public Lease begin() {
        CompletableFuture<Borrowed> ready = new CompletableFuture<>();
        boolean taken = database.submit(core -> {
            Borrowed lease = new Borrowed(core, database.now());
            ready.complete(lease);
            lease.waitForEnd();
        });
        if (!taken) {
            throw new IllegalStateException("The database is stopping, or has too much to do.");
        }
        return ready.join();
    }

    @Override
    public void sleepUntil(long timestamp) {
        while (database.now() < timestamp && !ending()) {
            long left = Math.min(LOOK_EVERY, Math.max(1, timestamp - database.now()) * 1_000);
            LockSupport.parkNanos(this, left);
        }
    }

    private boolean ending() {
        return instance == null || instance.ending() || Thread.currentThread().isInterrupted();
    }

    @Override
    public HttpAnswer http(byte[] request, byte[] body) {
        return database.parts().outbound().send(request, body, this::ending);
    }

    /** The tables while a procedure has them. */
    private final class Borrowed implements Lease {
        private final DatabaseCore core;
        private final Transaction transaction;
        private final long timestamp;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        private volatile boolean commit;
        private boolean over;

        Borrowed(DatabaseCore core, long timestamp) {
            this.core = core;
            this.timestamp = timestamp;
            transaction = core.store.begin();
        }

        /** On the database's thread: waits for the procedure, too long a one is ended, then commits or rolls back. */
        void waitForEnd() {
            boolean inTime = false;
            try {
                inTime = ended.await(database.parts().limits().callTime().toNanos(), TimeUnit.NANOSECONDS);
                if (!inTime && instance != null) {
                    instance.interrupt();
                    ended.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Optional<String> refusal = Optional.of("the transaction could not be committed");
            try {
                refusal = inTime ? Optional.empty() : Optional.of("the transaction was open longer than " + database.parts().limits().callTime().toSeconds() + " s");
                if (commit && refusal.isEmpty()) {
                    database.tell(Optional.empty(), core.committed(transaction.commit(), timestamp), null);
                    lastCommit = core.offset();
                } else {
                    transaction.rollback();
                }
            } finally {
                done.complete(refusal);
            }
        }

        @Override
        public Transaction transaction() {
            return transaction;
        }

        @Override
        public Store store() {
            return core.store;
        }

        @Override
        public long timestamp() {
            return timestamp;
        }

        @Override
        public Optional<String> commit() {
            commit = true;
            end();
            return done.join();
        }

        @Override
        public void rollback() {
            end();
        }

        private void end() {
            if (!over) {
                over = true;
                ended.countDown();
            }
        }
    }
}

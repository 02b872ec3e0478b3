package dev.cloche.databases;

import dev.cloche.tables.Changes;
import dev.cloche.tables.Snapshot;
import dev.cloche.tables.Store;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies all rows of a database as they are after a transaction, a little between calls, so that none waits for it. Of the
 * database's thread.
 */
final class Snapshots implements AutoCloseable {
    /** Between calls that follow one another closely: so long, and then calls again for so long. */
    private static final long STEP = 200_000;
    private static final long PAUSE = 800_000;

    private final Store store;
    private final LongSupplier offset;
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
    private @Nullable Wanted current;
    private @Nullable Snapshot running;
    private long paused;

    /** Somebody who wants one. */
    interface Wanted {
        /** It shows what is there after transaction {@code at}. */
        void begin(long at);

        /** Some of it, as changes to replay. */
        void part(Changes rows);

        /** Whether no more should come for a while. */
        boolean full();

        /** That was all. */
        void whole();

        /** It will not come to its end. */
        void broken();
    }

    Snapshots(Store store, LongSupplier offset) {
        this.store = store;
        this.offset = offset;
    }

    /** Begins one, or will when those that were asked for before are whole. */
    void ask(Wanted wanted) {
        waiting.add(wanted);
        next();
    }

    private void next() {
        if (running == null && !waiting.isEmpty()) {
            Wanted wanted = waiting.remove();
            current = wanted;
            wanted.begin(offset.getAsLong());
            running = store.beginSnapshot(wanted::part);
        }
    }

    boolean isAny() {
        return running != null;
    }

    /** After a call: copies a little, if the last time is some while ago. */
    void betweenCalls() {
        if (running != null && System.nanoTime() - paused >= PAUSE) {
            step();
        }
    }

    /** When there is nothing else to do: copies a little; false if there is nothing to copy now. */
    boolean whenIdle() {
        return running != null && step();
    }

    private boolean step() {
        Snapshot snapshot = running;
        Wanted wanted = current;
        if (snapshot == null || wanted == null || wanted.full()) {
            return false;
        }
        boolean more = snapshot.step(STEP);
        paused = System.nanoTime();
        if (!more) {
            running = null;
            current = null;
            wanted.whole();
            next();
        }
        return true;
    }

    /** Gives all of them up. */
    @Override
    public void close() {
        if (running != null) {
            running.cancel();
            running = null;
        }
        if (current != null) {
            current.broken();
            current = null;
        }
        waiting.forEach(Wanted::broken);
        waiting.clear();
    }
}

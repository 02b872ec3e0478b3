package dev.cloche.coordinator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Work that catches up with changes, one run at a time: whoever asks for it returns after a run that began later than they
 * asked, and all who ask during a run share the next one. Any thread; the work runs on one of theirs.
 */
final class CatchUp {
    private final Runnable work;
    private final AtomicLong asked = new AtomicLong();
    private final Object turn = new Object();
    /** Of those who asked, how many a run has served; guarded by the turn. */
    private long served;

    CatchUp(Runnable work) {
        this.work = work;
    }

    /** How often it was asked for. */
    long asked() {
        return asked.get();
    }

    /** Returns after a run that began after this was called. */
    void run() {
        long mine = asked.incrementAndGet();
        synchronized (turn) {
            if (served >= mine) {
                return;
            }
            long all = asked.get();
            work.run();
            served = all;
        }
    }
}

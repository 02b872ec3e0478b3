package dev.cloche.databases;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Work for one thread, from any number of others, in the order in which it came. Bounded: beyond that work is refused. */
final class Mailbox {
    private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int most;
    private volatile @Nullable Thread waiting;
    private volatile boolean closed;

    Mailbox(int most) {
        this.most = most;
    }

    /** Hands work over; false if it is closed or full. */
    boolean offer(Runnable task) {
        if (closed || size.get() >= most) {
            return false;
        }
        add(task);
        return true;
    }

    /** Hands over work that must not be refused, such as a client's end; false only if it is closed. */
    boolean force(Runnable task) {
        if (closed) {
            return false;
        }
        add(task);
        return true;
    }

    private void add(Runnable task) {
        size.incrementAndGet();
        work.add(task);
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /** The next work; null if there is none now. For the owner. */
    @Nullable Runnable poll() {
        Runnable task = work.poll();
        if (task != null) {
            size.decrementAndGet();
        }
        return task;
    }

    /** Waits until there is work, it is closed, or the nanoseconds are over. For the owner. */
    void await(long nanos) {
        waiting = Thread.currentThread();
        try {
            if (work.isEmpty() && !closed && nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            waiting = null;
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses further work; what is there can still be polled. */
    void close() {
        closed = true;
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }
}

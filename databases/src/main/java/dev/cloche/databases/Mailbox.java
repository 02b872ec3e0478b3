package dev.cloche.databases;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Work for one thread, from any number of others, in the order in which it came. Bounded: beyond that work is refused. */
final class Mailbox {
    private final ConcurrentLinkedQueue<Task> work = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong weight = new AtomicLong();
    private final int most;
    private final long heaviest;
    private volatile @Nullable Thread waiting;
    private volatile boolean closed;

    /** Work with the bytes that it keeps in memory. */
    private record Task(Runnable work, int weight) {}

    /** For so many pieces of work, and so many bytes that they keep in memory. */
    Mailbox(int most, long heaviest) {
        this.most = most;
        this.heaviest = heaviest;
    }

    /** Hands work over that keeps so many bytes; false if it is closed or full. */
    boolean offer(Runnable task, int bytes) {
        if (closed || size.get() >= most || weight.get() + bytes > heaviest) {
            return false;
        }
        weight.addAndGet(bytes);
        add(new Task(task, bytes));
        return true;
    }

    /** Hands over work that must not be refused, such as a client's end; false only if it is closed. */
    boolean force(Runnable task) {
        if (closed) {
            return false;
        }
        add(new Task(task, 0));
        return true;
    }

    private void add(Task task) {
        size.incrementAndGet();
        work.add(task);
        Thread sleeper = waiting;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /** The next work; null if there is none now. For the owner. */
    @Nullable Runnable poll() {
        Task task = work.poll();
        if (task == null) {
            return null;
        }
        size.decrementAndGet();
        if (task.weight > 0) {
            weight.addAndGet(-task.weight);
        }
        return task.work;
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

package dev.cloche.workers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A guest that is kept; its variables outlive it. */
final class GuestSession implements WorkerSession {
    private final LoadedWorker worker;
    private final AtomicReference<@Nullable WorkerTask> current = new AtomicReference<>();
    private @Nullable Guest guest;
    private boolean closed;

    GuestSession(LoadedWorker worker) {
        this.worker = worker;
    }

    @Override
    public CallOutcome call(String function, byte[] input, Duration timeout) {
        WorkerTask task = worker.enqueue(new CallRequest(function, input, timeout), Optional.of(this));
        current.set(task);
        try {
            return LoadedWorker.await(task);
        } finally {
            current.set(null);
        }
    }

    /** On the worker's thread. */
    synchronized Guest.End run(WorkerTask task, Duration timeout) {
        if (closed) {
            return new Guest.End(CallOutcome.Failed.of(Failure.UNAVAILABLE, "the session is closed"), false);
        }
        Guest kept = guest == null ? worker.guest() : guest;
        guest = kept;
        Guest.End end = worker.run(task, kept, timeout);
        if (!end.usable()) {
            guest = kept.successor();
            kept.close();
        }
        return end;
    }

    @Override
    public void cancel() {
        WorkerTask task = current.get();
        if (task != null) {
            task.takeBack(Failure.CANCELLED);
        }
    }

    @Override
    public void close() {
        cancel();
        synchronized (this) {
            closed = true;
            if (guest != null) {
                guest.close();
                guest = null;
            }
        }
        worker.forget(this);
    }
}

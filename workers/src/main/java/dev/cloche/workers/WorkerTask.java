package dev.cloche.workers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call on its way: waiting, running, or done. */
final class WorkerTask extends CompletableFuture<CallOutcome> implements Runnable {
    private static final Duration AGAIN = Duration.ofMillis(5);

    private final LoadedWorker worker;
    private final CallRequest request;
    private final Optional<GuestSession> session;
    private final long end;
    private @Nullable Guest running;
    private @Nullable Failure taken;

    WorkerTask(LoadedWorker worker, CallRequest request, Optional<GuestSession> session) {
        this.worker = worker;
        this.request = request;
        this.session = session;
        this.end = System.nanoTime() + Math.min(request.timeout().toSeconds(), 1_000_000_000) * 1_000_000_000 + request.timeout().getNano();
    }

    CallRequest request() {
        return request;
    }

    /** What is left of its time. */
    Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    @Override
    public void run() {
        if (!isDone()) {
            complete(worker.run(this, session));
        }
    }

    /** Marks the guest that runs it; false if it was taken back. */
    synchronized boolean start(Guest guest) {
        running = guest;
        return taken == null;
    }

    /** Says that the guest has returned; what it was taken back for, if it was. */
    synchronized Optional<Failure> stop() {
        running = null;
        return Optional.ofNullable(taken);
    }

    /** Takes the call back: from the queue, or by ending the guest. */
    void takeBack(Failure why) {
        synchronized (this) {
            if (taken != null) {
                return;
            }
            taken = why;
            if (running == null) {
                worker.forget(this);
            }
        }
        Thread.ofVirtual().name("cancel").start(this::interrupt);
    }

    /** Until it has ended: an interrupt that comes before the guest runs means nothing. */
    private void interrupt() {
        try {
            while (true) {
                synchronized (this) {
                    if (running == null) {
                        return;
                    }
                    running.interrupt();
                }
                Thread.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean first = super.cancel(mayInterrupt);
        takeBack(Failure.CANCELLED);
        return first;
    }
}

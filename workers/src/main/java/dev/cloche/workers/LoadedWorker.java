package dev.cloche.workers;

import dev.cloche.kernel.Digest;
import dev.cloche.wasm.GuestThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A worker with its threads and its pool of guests. A guest that was ended in a call is thrown away, any other is used again. */
final class LoadedWorker implements Worker {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSING_SECONDS = 60;

    private final Digest digest;
    private final WorkerCode code;
    private final Runnable onClose;
    private final List<WorkerFunction> functions;
    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedDeque<Guest> idle = new ConcurrentLinkedDeque<>();
    private final Set<WorkerTask> running = ConcurrentHashMap.newKeySet();
    private final Set<GuestSession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LoadedWorker(Digest digest, WorkerCode code, Runnable onClose) {
        this.digest = digest;
        this.code = code;
        this.onClose = onClose;
        this.functions = code.functions();
        int slots = code.settings().slots();
        int waiting = code.settings().queue();
        BlockingQueue<Runnable> queue = waiting == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(waiting);
        this.threads = new ThreadPoolExecutor(slots, slots, IDLE_SECONDS, TimeUnit.SECONDS, queue, GuestThread.factory("worker-" + code.manifest().name()));
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public WorkerManifest manifest() {
        return code.manifest();
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public List<WorkerFunction> functions() {
        return functions;
    }

    @Override
    public CallOutcome call(String function, byte[] input, Duration timeout) {
        return await(enqueue(new CallRequest(function, input, timeout), Optional.empty()));
    }

    static CallOutcome await(WorkerTask task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.takeBack(Failure.CANCELLED);
            Thread.currentThread().interrupt();
            return CallOutcome.Failed.of(Failure.CANCELLED, "cancelled");
        } catch (CancellationException e) {
            return CallOutcome.Failed.of(Failure.CANCELLED, "cancelled");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public CompletableFuture<CallOutcome> submit(CallRequest request) {
        return enqueue(request, Optional.empty());
    }

    WorkerTask enqueue(CallRequest request, Optional<GuestSession> session) {
        WorkerTask task = new WorkerTask(this, request, session);
        if (closed) {
            task.complete(CallOutcome.Failed.of(Failure.UNAVAILABLE, "the worker is closed"));
            return task;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException full) {
            task.complete(closed ? CallOutcome.Failed.of(Failure.UNAVAILABLE, "the worker is closed")
                    : CallOutcome.Failed.of(Failure.BUSY, "all " + code.settings().slots() + " slots run and " + code.settings().queue() + " calls wait"));
        }
        return task;
    }

    /** Runs a task on this thread, which is one of ours. */
    CallOutcome run(WorkerTask task, Optional<GuestSession> session) {
        Duration left = task.left();
        if (!left.isPositive()) {
            return CallOutcome.Failed.of(Failure.TIMED_OUT, "timeout: it waited longer than " + task.request().timeout().toMillis() + " ms for a free slot");
        }
        Duration timeout = left.compareTo(code.limits().timeout()) < 0 ? left : code.limits().timeout();
        if (session.isPresent()) {
            return session.get().run(task, timeout).outcome();
        }
        Guest pooled = idle.pollFirst();
        Guest guest = pooled == null ? guest() : pooled;
        Guest.End end = run(task, guest, timeout);
        if (end.usable() && !closed && !guest.outgrown()) {
            guest.forget();
            guest.usedAt(System.nanoTime());
            idle.addFirst(guest);
        } else {
            guest.close();
        }
        return end.outcome();
    }

    /** Closes guests that have not been used since then. */
    synchronized void closeIdle(long since) {
        Guest oldest = closed ? null : idle.pollLast();
        while (oldest != null && oldest.usedAt() - since <= 0) {
            oldest.close();
            oldest = idle.pollLast();
        }
        if (oldest != null) {
            idle.addLast(oldest);
        }
    }

    Guest guest() {
        return new Guest(code);
    }

    Guest.End run(WorkerTask task, Guest guest, Duration timeout) {
        running.add(task);
        try {
            Guest.End end = task.start(guest) ? guest.call(task.request().function(), task.request().input(), timeout)
                    : new Guest.End(CallOutcome.Failed.of(Failure.CANCELLED, "cancelled"), true);
            return task.stop().map(why -> end.outcome() instanceof CallOutcome.Answer ? end
                    : new Guest.End(CallOutcome.Failed.of(why, why == Failure.CANCELLED ? "cancelled" : "the worker is closed"), end.usable())).orElse(end);
        } catch (OutOfMemoryError full) {
            return Guest.End.lost(Failure.OUT_OF_MEMORY, "the host has no memory left for this call");
        } catch (RuntimeException | Error unexpected) {
            System.getLogger(LoadedWorker.class.getName()).log(System.Logger.Level.ERROR, "event=worker-call-failed worker=" + code.manifest().name(), unexpected);
            return Guest.End.lost(Failure.UNAVAILABLE, "the call could not be run: " + unexpected);
        } finally {
            task.stop();
            running.remove(task);
        }
    }

    /** Takes a task that nobody runs from the queue. */
    void forget(WorkerTask task) {
        if (threads.remove(task)) {
            task.complete(CallOutcome.Failed.of(Failure.CANCELLED, "cancelled"));
        }
    }

    void forget(GuestSession session) {
        sessions.remove(session);
    }

    @Override
    public WorkerSession session() {
        GuestSession session = new GuestSession(this);
        sessions.add(session);
        return session;
    }

    @Override
    public Load load() {
        return new Load(code.settings().slots(), running.size(), threads.getQueue().size());
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        for (Runnable waiting = threads.getQueue().poll(); waiting != null; waiting = threads.getQueue().poll()) {
            if (waiting instanceof WorkerTask task) {
                task.complete(CallOutcome.Failed.of(Failure.UNAVAILABLE, "the worker is closed"));
            }
        }
        threads.shutdown();
        running.forEach(task -> task.takeBack(Failure.UNAVAILABLE));
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a call of the worker " + code.manifest().name() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        sessions.forEach(GuestSession::close);
        idle.forEach(Guest::close);
        idle.clear();
        code.close();
        onClose.run();
    }
}

package dev.cloche.workers;

import dev.cloche.kernel.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A worker that is ready to be called. Any thread. */
public interface Worker extends AutoCloseable {
    /** What it says of itself. */
    WorkerManifest manifest();

    /** Which one it is: the same wherever the same file runs. */
    Digest digest();

    /** What can be called, by name. */
    List<WorkerFunction> functions();

    /** The function of this name, if there is one. */
    default Optional<WorkerFunction> function(String name) {
        return functions().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Calls a function and waits for its outcome; as {@link #submit}. An interrupt of the waiting thread cancels the call. */
    CallOutcome call(String function, byte[] input, Duration timeout);

    /**
     * Lets a free slot call a function, now or when there is one; {@link Failure#BUSY} if the queue is full. The future is
     * never failed; it is completed on a thread of the worker, which must not be kept. Cancelling it takes the call from the
     * queue or ends the guest.
     */
    CompletableFuture<CallOutcome> submit(CallRequest request);

    /** A guest of one's own, whose variables and memory stay from call to call. */
    WorkerSession session();

    /** What it is doing. */
    Load load();

    /** Refuses further calls, ends those that run, and frees everything. */
    @Override
    void close();

    /**
     * What a worker is doing.
     *
     * @param slots how many calls may run
     * @param running how many do
     * @param waiting how many wait
     */
    record Load(int slots, int running, int waiting) {}
}

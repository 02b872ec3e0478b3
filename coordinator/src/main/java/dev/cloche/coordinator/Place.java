package dev.cloche.coordinator;

import dev.cloche.workers.CallOutcome;
import java.util.concurrent.CompletableFuture;

/** Something that runs calls: the server itself, a node, a tab. Any thread. */
interface Place {
    /** {@code local}, or the identifier of a node. */
    String id();

    PlaceKind kind();

    /** How many calls it runs at a time. */
    int slots();

    /** How many calls it was given and has not answered. */
    int busy();

    /** Whether it takes calls of this worker now; those that it cannot run at once wait there. */
    boolean takes(RegisteredWorker worker);

    /** Whether a call would hardly have to wait there. Others are taken first. */
    default boolean hasRoom() {
        return true;
    }

    /**
     * Makes ready for calls of this worker, which may take a moment; false if the place does that by itself with the first call,
     * whose time then says nothing.
     */
    boolean prepare(RegisteredWorker worker);

    /** Gives it a call; does not block. */
    Running start(PlacedCall call);

    /**
     * A call.
     *
     * @param input not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // inputs are large, and nobody compares calls
    record PlacedCall(RegisteredWorker worker, String function, byte[] input, long timeoutMs) {}

    /**
     * A call that was given.
     *
     * @param outcome never failed; {@code UNAVAILABLE} if the place was lost
     * @param cancel takes it back; its outcome comes then, too
     */
    record Running(CompletableFuture<CallOutcome> outcome, Runnable cancel) {
        /** One that has its outcome at once. */
        static Running ended(CallOutcome outcome) {
            return new Running(CompletableFuture.completedFuture(outcome), () -> { });
        }
    }
}

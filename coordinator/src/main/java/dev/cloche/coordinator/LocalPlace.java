package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.CallRequest;
import dev.cloche.workers.Failure;
import dev.cloche.workers.Worker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The server's own engine. */
final class LocalPlace implements Place {
    /** Its identifier. */
    static final String ID = "local";
    /** What people call it. */
    static final String NAME = "This server";

    private static final int MEAN_OF = 10;

    private final LocalWorkers workers;
    private final int slots;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicLong ran = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final DecayedMean nanos = new DecayedMean(MEAN_OF);

    LocalPlace(LocalWorkers workers, int slots) {
        this.workers = workers;
        this.slots = slots;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public PlaceKind kind() {
        return PlaceKind.LOCAL;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int busy() {
        return busy.get();
    }

    @Override
    public boolean takes(RegisteredWorker worker) {
        return slots > 0;
    }

    private void ended(@Nullable CallOutcome done) {
        if (done instanceof CallOutcome.Answer(byte[] output, long nanos)) {
            ran.incrementAndGet();
            this.nanos.note(nanos);
        } else if (done instanceof CallOutcome.Failed) {
            // and not of one that was taken back, which has no outcome
            failed.incrementAndGet();
        }
    }

    /** Calls that it answered. */
    long ran() {
        return ran.get();
    }

    /** Calls that it did not answer. */
    long failed() {
        return failed.get();
    }

    /** How long its last calls took, in milliseconds. */
    double meanMs() {
        return nanos.value() / 1e6;
    }

    @Override
    public boolean prepare(RegisteredWorker worker) {
        try {
            workers.open(worker);
        } catch (Problem e) {
            // said by the call itself
        }
        return true;
    }

    @Override
    public Running start(PlacedCall call) {
        busy.incrementAndGet();
        CompletableFuture<CallOutcome> outcome;
        try {
            Worker worker = workers.open(call.worker());
            outcome = worker.submit(new CallRequest(call.function(), call.input(), Duration.ofMillis(call.timeoutMs())));
        } catch (Problem e) {
            busy.decrementAndGet();
            return Running.ended(CallOutcome.Failed.of(Failure.UNAVAILABLE, "The worker cannot be opened: " + e.detail()));
        }
        outcome.whenComplete((done, thrown) -> {
            busy.decrementAndGet();
            ended(done);
        });
        return new Running(outcome, () -> outcome.cancel(true));
    }
}

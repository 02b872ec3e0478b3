package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Calls that are done in parts: split, each part wherever there is room, joined. A part that is lost is done again elsewhere. */
final class Division {
    /** Most parts that can be asked for. */
    static final int MOST_PARTS = 64;

    private final Calls calls;
    private final Timings timings;

    /** What came of it, and in how many parts. */
    record Divided(Calls.Done done, int parts) {}

    Division(Calls calls, Timings timings) {
        this.calls = calls;
        this.timings = timings;
    }

    /** The functions by which calls of this function are divided; a problem where there are none. */
    static WorkerDescription.Divide functions(RegisteredWorker worker, String function) {
        return worker.says().function(function).flatMap(WorkerDescription.Function::divide).orElseThrow(() ->
                Problem.field("divide", "divisible", "The function '" + function + "' of the worker '" + worker.name() + "' cannot be divided: its worker.json has no 'divide' for it."));
    }

    /**
     * Makes a call in parts.
     *
     * @param parts 0 for as many as run at a time
     */
    Divided run(Calls.Wish wish, int parts) throws InterruptedException {
        WorkerDescription.Divide divide = functions(wish.worker(), wish.function());
        long began = System.nanoTime();
        int wanted = Math.clamp(parts > 0 ? parts : calls.slots(wish.worker(), wish.where()), 1, MOST_PARTS);
        byte[] input = ByteBuffer.allocate(4 + wish.input().length).order(ByteOrder.LITTLE_ENDIAN).putInt(wanted).put(wish.input()).array();
        Calls.Done split = calls.call(near(wish.with(divide.split(), input)));
        if (!(split.outcome() instanceof CallOutcome.Answer(byte[] list, long nanos))) {
            return new Divided(split, wanted);
        }
        try {
            List<byte[]> inputs = PartList.read(list);
            Results results = mapped(wish, inputs);
            if (results.failed.isPresent()) {
                return new Divided(results.failed.get(), inputs.size());
            }
            Calls.Done joined = calls.call(near(wish.with(divide.join(), PartList.write(results.outputs))));
            Calls.Done done = new Calls.Done(withTime(joined.outcome(), results.ranNanos), String.join(",", results.places), results.hedged, System.nanoTime() - began);
            return new Divided(joined.outcome() instanceof CallOutcome.Answer ? done : joined, inputs.size());
        } catch (Problem e) {
            return new Divided(new Calls.Done(CallOutcome.Failed.of(Failure.FAILED, e), split.ranOn(), false, System.nanoTime() - began), wanted);
        }
    }

    /** Splitting and joining are little more than copying: the way to another place and back would cost more. */
    private Calls.Wish near(Calls.Wish wish) {
        Where here = new Where.Kind(PlaceKind.LOCAL);
        return calls.slots(wish.worker(), here) > 0 ? wish.at(here) : wish;
    }

    private static CallOutcome withTime(CallOutcome outcome, long nanos) {
        return outcome instanceof CallOutcome.Answer(byte[] output, long ran) ? new CallOutcome.Answer(output, ran + nanos) : outcome;
    }

    /** What became of the parts; the place of each in its order. */
    private record Results(List<byte[]> outputs, List<String> places, boolean hedged, long ranNanos, Optional<Calls.Done> failed) {}

    private Results mapped(Calls.Wish wish, List<byte[]> inputs) throws InterruptedException {
        AtomicReferenceArray<Calls.Done> dones = new AtomicReferenceArray<>(inputs.size());
        AtomicReference<Calls.Done> failed = new AtomicReference<>();
        CountDownLatch left = new CountDownLatch(inputs.size());
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            int part = k;
            threads.add(Thread.ofVirtual().name("part-" + part).unstarted(() -> {
                try {
                    Calls.Done done = calls.call(wish.with(wish.function(), inputs.get(part)));
                    dones.set(part, done);
                    if (!(done.outcome() instanceof CallOutcome.Answer)) {
                        failed.compareAndSet(null, done);
                        threads.forEach(Thread::interrupt);
                    }
                } catch (InterruptedException e) {
                    // another part failed, or nobody waits any more
                } catch (RuntimeException e) {
                    failed.compareAndSet(null, new Calls.Done(CallOutcome.Failed.of(Failure.UNAVAILABLE, String.valueOf(e.getMessage())), "", false, 0));
                } finally {
                    left.countDown();
                }
            }));
        }
        threads.forEach(Thread::start);
        try {
            left.await();
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
        return gathered(dones, inputs.size(), Optional.ofNullable(failed.get()));
    }

    private static Results gathered(AtomicReferenceArray<Calls.Done> dones, int parts, Optional<Calls.Done> failed) {
        List<byte[]> outputs = new ArrayList<>();
        List<String> places = new ArrayList<>();
        boolean hedged = false;
        long nanos = 0;
        for (int k = 0; k < parts && failed.isEmpty(); k++) {
            Calls.Done done = dones.get(k);
            if (!(done.outcome() instanceof CallOutcome.Answer(byte[] output, long ran))) {
                throw new IllegalStateException("a part without an answer is a failure");
            }
            outputs.add(output);
            places.add(done.ranOn());
            hedged |= done.hedged();
            nanos += ran;
        }
        return new Results(outputs, places, hedged, nanos, failed);
    }

    /** Makes a call whole or in parts, whichever was faster for such inputs. */
    Divided either(Calls.Wish wish) throws InterruptedException {
        functions(wish.worker(), wish.function());
        if (calls.slots(wish.worker(), wish.where()) < 2) {
            return new Divided(calls.call(wish), 1);
        }
        Timings.Kind kind = Timings.Kind.of(wish.worker(), wish.function() + "/divide", wish.input().length);
        Timings.Chosen chosen = timings.choose(kind, Way.BOTH);
        if (chosen == null) {
            throw new IllegalStateException("there are two ways");
        }
        Divided divided = chosen.place() == Way.DIVIDED ? run(wish, 0) : new Divided(calls.call(wish), 1);
        if (divided.done().outcome() instanceof CallOutcome.Answer) {
            timings.note(kind, chosen.place().id(), divided.done().nanos(), 1, chosen);
        }
        return divided;
    }

    /** The ways to make a call, as far as choosing needs to know. */
    private enum Way implements Place {
        WHOLE, DIVIDED;

        static final List<Place> BOTH = List.of(WHOLE, DIVIDED);

        @Override
        public String id() {
            return this == WHOLE ? "whole" : "divided";
        }

        @Override
        public PlaceKind kind() {
            return this == WHOLE ? PlaceKind.LOCAL : PlaceKind.NODE;
        }

        @Override
        public int slots() {
            return 1;
        }

        @Override
        public int busy() {
            return 0;
        }

        @Override
        public boolean takes(RegisteredWorker worker) {
            return true;
        }

        @Override
        public boolean prepare(RegisteredWorker worker) {
            return true;
        }

        @Override
        public Running start(PlacedCall call) {
            throw new IllegalStateException("a way starts nothing");
        }
    }
}

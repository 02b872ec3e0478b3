package dev.cloche.coordinator;

import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls wherever they are done soonest. Where the worker allows it, a call that takes unusually long is made at a second
 * place too, and the first answer counts; and one that was lost with its place is made elsewhere. Called on virtual threads.
 */
final class Calls {
    private static final int MOST_PLACES = 6;
    private static final long SHORTEST_HEDGE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double PATIENCE_OF_TRIES = 1.5;
    /** At most one call of so many is made twice. */
    private static final int HEDGED_OF = 10;

    private final Supplier<List<Place>> places;
    private final Timings timings;
    private final Duration longest;
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong hedges = new AtomicLong();

    /**
     * A call to be made.
     *
     * @param input not copied
     * @param timeoutMs longest time; the worker's own limit holds beside it
     */
    @SuppressWarnings("ArrayRecordComponent") // inputs are large, and nobody compares calls
    record Wish(RegisteredWorker worker, String function, byte[] input, long timeoutMs, Where where) {
        Wish with(String otherFunction, byte[] otherInput) {
            return new Wish(worker, otherFunction, otherInput, timeoutMs, where);
        }

        Wish at(Where elsewhere) {
            return new Wish(worker, function, input, timeoutMs, elsewhere);
        }
    }

    /**
     * What came of it.
     *
     * @param ranOn the place; empty if there was none
     * @param nanos with the way there and back
     */
    record Done(CallOutcome outcome, String ranOn, boolean hedged, long nanos) {}

    Calls(Supplier<List<Place>> places, Timings timings, Duration longest) {
        this.places = places;
        this.timings = timings;
        this.longest = longest;
    }

    /** Makes a call and waits for its end. An interrupt takes it back. */
    Done call(Wish wish) throws InterruptedException {
        long began = System.nanoTime();
        Timings.Kind kind = Timings.Kind.of(wish.worker(), wish.function(), wish.input().length);
        Set<String> failed = new HashSet<>();
        while (true) {
            Timings.Chosen chosen = timings.choose(kind, candidates(wish, failed));
            if (chosen == null) {
                return new Done(nobody(wish, failed), "", false, System.nanoTime() - began);
            }
            Attempt attempt = new Attempt(wish, kind, chosen);
            Done done = attempt.run(began);
            boolean elsewhere = done.outcome() instanceof CallOutcome.Failed lost
                    && (lost.kind() == Failure.BUSY || lost.kind() == Failure.UNAVAILABLE && wish.worker().says().idempotent());
            failed.addAll(attempt.asked);
            if (!elsewhere || failed.size() >= MOST_PLACES || candidates(wish, failed).isEmpty()) {
                return done;
            }
        }
    }

    /** How many calls run at a time. */
    int slots() {
        int slots = 0;
        for (Place place : places.get()) {
            slots += place.slots();
        }
        return slots;
    }

    /** How many calls of this worker run at a time if nobody else calls. */
    int slots(RegisteredWorker worker, Where where) {
        return places.get().stream().filter(place -> where.admits(place) && place.takes(worker)).mapToInt(Place::slots).sum();
    }

    private List<Place> candidates(Wish wish, Set<String> without) {
        List<Place> all = places.get();
        List<Place> from = new ArrayList<>(all.size());
        boolean room = false;
        for (Place place : all) {
            if (!without.contains(place.id()) && wish.where().admits(place) && place.takes(wish.worker())) {
                from.add(place);
                room |= place.hasRoom();
            }
        }
        if (room) {
            from.removeIf(place -> !place.hasRoom());
        }
        return from;
    }

    private static CallOutcome nobody(Wish wish, Set<String> failed) {
        String why = !failed.isEmpty() ? "All places that could run it are lost or busy."
                : wish.where() instanceof Where.One ? "There is no such node or tab, or it does not run this worker."
                : "Nothing runs this worker at the moment: " + (wish.worker().suitsTabs() ? "no place is free."
                        : "it " + wish.worker().whyNot() + ".");
        return CallOutcome.Failed.of(Failure.UNAVAILABLE, why);
    }

    /** A call at one place, and perhaps at a second one. */
    private final class Attempt {
        private final Wish wish;
        private final Timings.Kind kind;
        private final Timings.Chosen chosen;
        private final List<String> asked = new ArrayList<>(2);

        Attempt(Wish wish, Timings.Kind kind, Timings.Chosen chosen) {
            this.wish = wish;
            this.kind = kind;
            this.chosen = chosen;
        }

        Done run(long began) throws InterruptedException {
            Started first = start(chosen.place(), chosen);
            try {
                long patience = patience();
                if (patience < Long.MAX_VALUE) {
                    try {
                        return first.done(first.running.outcome().get(patience, TimeUnit.NANOSECONDS), began, false);
                    } catch (TimeoutException late) {
                        Started second = second();
                        if (second != null) {
                            return faster(first, second, began);
                        }
                    }
                }
                return first.done(first.running.outcome().get(), began, false);
            } catch (InterruptedException e) {
                first.running.cancel().run();
                throw e;
            } catch (ExecutionException e) {
                throw new IllegalStateException("outcomes are never failed", e);
            }
        }

        private long patience() {
            made.incrementAndGet();
            if (!wish.worker().says().idempotent() || wish.where() instanceof Where.One) {
                return Long.MAX_VALUE;
            }
            if (chosen.isTry()) {
                return Math.max(SHORTEST_HEDGE, (long) (chosen.expected() * PATIENCE_OF_TRIES));
            }
            if (hedges.get() * HEDGED_OF > made.get()) {
                return Long.MAX_VALUE;
            }
            return timings.late(kind, chosen.place().id()).map(nanos -> Math.max(SHORTEST_HEDGE, nanos.longValue())).orElse(Long.MAX_VALUE);
        }

        /** At another place that has nothing else to do; null if there is none. */
        private @Nullable Started second() {
            List<Place> others = candidates(wish, Set.of(chosen.place().id())).stream().filter(place -> place.busy() < place.slots()).toList();
            Timings.Chosen other = timings.choose(kind, others);
            if (other == null) {
                return null;
            }
            hedges.incrementAndGet();
            return start(other.place(), new Timings.Chosen(other.place(), false, other.expected()));
        }

        private Done faster(Started first, Started second, long began) throws InterruptedException, ExecutionException {
            try {
                CompletableFuture.anyOf(good(first), good(second), CompletableFuture.allOf(first.running.outcome(), second.running.outcome())).get();
            } catch (InterruptedException e) {
                second.running.cancel().run();
                throw e;
            }
            boolean secondWon = !isGood(first) && (isGood(second) || !first.running.outcome().isDone());
            Started winner = secondWon ? second : first;
            Started other = secondWon ? first : second;
            other.running.cancel().run();
            other.note();
            return winner.done(winner.running.outcome().get(), began, true);
        }

        /** Completed when this call has an answer that counts: none from a place that was lost, so that the other one can give it. */
        private static CompletableFuture<CallOutcome> good(Started started) {
            CompletableFuture<CallOutcome> good = new CompletableFuture<>();
            started.running.outcome().thenAccept(outcome -> {
                if (counts(outcome)) {
                    good.complete(outcome);
                }
            });
            return good;
        }

        private static boolean isGood(Started started) {
            return started.running.outcome().isDone() && !started.running.outcome().isCompletedExceptionally() && counts(started.running.outcome().join());
        }

        private static boolean counts(CallOutcome outcome) {
            return !(outcome instanceof CallOutcome.Failed lost) || lost.kind() != Failure.BUSY && lost.kind() != Failure.UNAVAILABLE;
        }

        private Started start(Place place, Timings.Chosen why) {
            asked.add(place.id());
            boolean ready = place.prepare(wish.worker());
            double rounds = Timings.rounds(place);
            long at = System.nanoTime();
            long timeout = Math.min(Math.min(wish.timeoutMs(), wish.worker().timeoutMs()), longest.toMillis());
            return new Started(place, why, ready ? rounds : 0, at, place.start(new Place.PlacedCall(wish.worker(), wish.function(), wish.input(), timeout)));
        }

        /** A call that was given to a place. */
        private final class Started {
            final Place place;
            final Timings.Chosen why;
            final double rounds;
            final long at;
            final Place.Running running;

            Started(Place place, Timings.Chosen why, double rounds, long at, Place.Running running) {
                this.place = place;
                this.why = why;
                this.rounds = rounds;
                this.at = at;
                this.running = running;
            }

            Done done(CallOutcome outcome, long began, boolean hedged) {
                if (outcome instanceof CallOutcome.Answer) {
                    note();
                }
                return new Done(outcome, place.id(), hedged, System.nanoTime() - began);
            }

            /** Of one that was overtaken it is known that it takes at least so long. */
            void note() {
                if (rounds > 0) {
                    timings.note(kind, place.id(), System.nanoTime() - at, rounds, why);
                }
            }
        }
    }

    /** Whether what came is the end of a place, and no answer of the worker. */
    static boolean isLost(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Failed failed && (failed.kind() == Failure.UNAVAILABLE || failed.kind() == Failure.BUSY);
    }

    /** The failure's text if it is one. */
    static Optional<CallOutcome.Failed> failure(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Failed failed ? Optional.of(failed) : Optional.empty();
    }
}

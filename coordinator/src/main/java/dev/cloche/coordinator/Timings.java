package dev.cloche.coordinator;

import dev.cloche.kernel.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of places, by worker, function and size of the input, and the choice that follows from it. Any thread.
 *
 * <p>The place with the least expected time is taken: its mean, times the calls that are before this one. A place of which
 * nothing or only old things are known is tried now and then; what such tries took longer than the best place would have is
 * a debt, and there is no further try before it is less than a fiftieth of all time that was spent on calls of this kind.
 */
final class Timings {
    private static final int MOST_KINDS = 4096;
    private static final double DEBT = 0.02;
    private static final long STALE = TimeUnit.SECONDS.toNanos(20);
    /** An unknown place is taken without a try only where the best one has more than this many calls waiting before each slot. */
    private static final double UNKNOWN = 1.25;
    private static final int ENOUGH = 20;

    private final Map<Kind, Measured> kinds = new ConcurrentHashMap<>();

    /**
     * Calls that should take the same time.
     *
     * @param size the power of two below the input's length
     */
    record Kind(String worker, Digest digest, String function, int size) {
        static Kind of(RegisteredWorker worker, String function, int length) {
            return new Kind(worker.id(), worker.digest(), function, Integer.SIZE - Integer.numberOfLeadingZeros(length));
        }
    }

    /**
     * A choice.
     *
     * @param isTry the place is taken to learn about it
     * @param expected nanoseconds that the best known place would take; 0 if nothing is known
     */
    record Chosen(Place place, boolean isTry, double expected) {}

    /** One line of what was measured. */
    record Line(Kind kind, String place, long calls, double mean, double p95) {}

    /** Of one kind. */
    private static final class Measured {
        final Map<String, Timing> places = new HashMap<>();
        double spent;
        double debt;
        volatile long used = System.nanoTime();
    }

    /** The place for a call; null if there is none to choose from. */
    @Nullable Chosen choose(Kind kind, List<Place> from) {
        if (from.isEmpty()) {
            return null;
        }
        Measured measured = measured(kind);
        synchronized (measured) {
            double known = Double.MAX_VALUE;
            for (Place place : from) {
                Timing timing = measured.places.get(place.id());
                if (timing != null) {
                    known = Math.min(known, timing.mean());
                }
            }
            if (known == Double.MAX_VALUE) {
                return new Chosen(firstOf(from), false, 0);
            }
            Place best = from.getFirst();
            double least = Double.MAX_VALUE;
            for (Place place : from) {
                Timing timing = measured.places.get(place.id());
                double expected = (timing == null ? known * UNKNOWN : timing.mean()) * waiting(place);
                if (expected < least) {
                    least = expected;
                    best = place;
                }
            }
            Place tried = from.size() < 2 || measured.debt > measured.spent * DEBT ? null : toTry(measured, from, best, known);
            return tried == null ? new Chosen(best, false, known) : new Chosen(tried, true, known);
        }
    }

    /** Nothing is known: the server itself, unless it is busy and another is not. */
    private static Place firstOf(List<Place> from) {
        Place first = from.getFirst();
        for (Place place : from) {
            if (waiting(place) < waiting(first) || waiting(place) == waiting(first) && place.kind() == PlaceKind.LOCAL) {
                first = place;
            }
        }
        return first;
    }

    private static @Nullable Place toTry(Measured measured, List<Place> from, Place best, double known) {
        long now = System.nanoTime();
        for (Place place : from) {
            Timing timing = measured.places.get(place.id());
            // one that was much slower is asked again more seldom
            boolean due = timing == null || now - timing.last() > STALE * Math.min(30, Math.max(1, timing.mean() / known));
            if (place != best && due && place.busy() < place.slots()) {
                return place;
            }
        }
        return null;
    }

    /** How many rounds of calls a new one takes part in: 1 if it is run at once. */
    private static double waiting(Place place) {
        int slots = Math.max(1, place.slots());
        int before = place.busy() - slots + 1;
        return before <= 0 ? 1 : 1 + before / (double) slots;
    }

    /**
     * Notes how long a call took at a place.
     *
     * @param rounds what {@link #rounds} said when it began
     */
    void note(Kind kind, String place, long nanos, double rounds, Chosen chosen) {
        Measured measured = measured(kind);
        synchronized (measured) {
            measured.places.computeIfAbsent(place, id -> new Timing()).add((long) (nanos / rounds));
            measured.spent += nanos;
            if (chosen.isTry()) {
                measured.debt += Math.max(0, nanos - chosen.expected());
            }
        }
    }

    /** By how much waiting for others makes a call longer that begins now. */
    static double rounds(Place place) {
        return waiting(place);
    }

    /** After how long a call at this place is late: 19 of 20 were faster; empty if too little is known. */
    Optional<Double> late(Kind kind, String place) {
        Measured measured = measured(kind);
        synchronized (measured) {
            Timing timing = measured.places.get(place);
            return timing == null || timing.calls() < ENOUGH ? Optional.empty() : Optional.of(timing.quantile(0.95));
        }
    }

    /** A place is gone. */
    void forget(String place) {
        kinds.values().forEach(measured -> {
            synchronized (measured) {
                measured.places.remove(place);
            }
        });
    }

    /** All that is known. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        kinds.forEach((kind, measured) -> {
            synchronized (measured) {
                measured.places.forEach((place, timing) -> lines.add(new Line(kind, place, timing.calls(), timing.mean(), timing.quantile(0.95))));
            }
        });
        return lines;
    }

    private Measured measured(Kind kind) {
        Measured there = kinds.get(kind);
        if (there == null) {
            if (kinds.size() >= MOST_KINDS) {
                long now = System.nanoTime();
                long oldest = kinds.values().stream().mapToLong(one -> now - one.used).max().orElse(0);
                kinds.values().removeIf(one -> now - one.used >= oldest);
            }
            there = kinds.computeIfAbsent(kind, k -> new Measured());
        }
        there.used = System.nanoTime();
        return there;
    }
}

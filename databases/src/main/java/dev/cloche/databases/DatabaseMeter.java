package dev.cloche.databases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many calls a database answered in each of the last seconds, and how long they took. One thread writes, any may read.
 *
 * <p>Durations are counted in classes that are a quarter wide at most, so a percentile is the true one or up to a quarter more.
 */
final class DatabaseMeter {
    /** For so many seconds it remembers. */
    static final int SECONDS = 300;

    private static final int STEPS = 4;
    private static final int CLASSES = 32 * STEPS;

    private final LongSupplier micros;
    private final Slice[] slices = new Slice[SECONDS];

    /** What happened in one second. */
    private static final class Slice {
        final int[] classes = new int[CLASSES];
        long second = -1;
        int calls;
        int failed;

        void begin(long now) {
            Arrays.fill(classes, 0);
            second = now;
            calls = 0;
            failed = 0;
        }
    }

    /**
     * One second with calls.
     *
     * @param at seconds since 1970
     * @param failed calls that changed nothing, refused ones included
     * @param median microseconds that half of the calls took at most
     * @param slowest microseconds that 99 of 100 took at most
     */
    record Second(long at, int calls, int failed, long median, long slowest) {}

    DatabaseMeter(LongSupplier micros) {
        this.micros = micros;
        for (int i = 0; i < SECONDS; i++) {
            slices[i] = new Slice();
        }
    }

    /** Counts a call that is over. */
    synchronized void called(long nanoseconds, boolean committed) {
        long now = TimeUnit.MICROSECONDS.toSeconds(micros.getAsLong());
        Slice slice = slices[(int) (now % SECONDS)];
        if (slice.second != now) {
            slice.begin(now);
        }
        slice.calls++;
        if (!committed) {
            slice.failed++;
        }
        slice.classes[classOf(nanoseconds / 1_000)]++;
    }

    /** The last seconds that had calls, oldest first. */
    synchronized List<Second> seconds() {
        long now = TimeUnit.MICROSECONDS.toSeconds(micros.getAsLong());
        List<Second> seconds = new ArrayList<>();
        for (long at = now - SECONDS + 1; at <= now; at++) {
            Slice slice = slices[(int) (at % SECONDS)];
            if (slice.second == at) {
                seconds.add(new Second(at, slice.calls, slice.failed, percentile(slice, 0.5), percentile(slice, 0.99)));
            }
        }
        return seconds;
    }

    private static long percentile(Slice slice, double share) {
        long wanted = Math.max(1, (long) Math.ceil(slice.calls * share));
        long seen = 0;
        for (int i = 0; i < CLASSES; i++) {
            seen += slice.classes[i];
            if (seen >= wanted) {
                return most(i);
            }
        }
        return most(CLASSES - 1);
    }

    /** Microseconds below 4 have a class each, then four classes for each doubling. */
    private static int classOf(long micros) {
        if (micros < STEPS) {
            return (int) Math.max(0, micros);
        }
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) (micros >>> (doubling - 2)) & (STEPS - 1);
        return Math.min(CLASSES - 1, (doubling - 1) * STEPS + step);
    }

    /** The most microseconds of a class. */
    private static long most(int number) {
        if (number < STEPS) {
            return number;
        }
        int doubling = number / STEPS + 1;
        return ((long) (STEPS + number % STEPS + 1) << (doubling - 2)) - 1;
    }
}

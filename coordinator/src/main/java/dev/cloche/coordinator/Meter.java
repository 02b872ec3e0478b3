package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.workers.CallOutcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Calls of the last five minutes, second by second, for each project. Any thread. */
final class Meter {
    private static final int SECONDS = 300;
    private static final int SAMPLES = 512;

    private final InstantSource clock;
    private final Map<ProjectId, Ring> rings = new ConcurrentHashMap<>();

    /** One second, as the API shows it; durations in milliseconds. */
    record Second(long at, long calls, long failed, long tasks, long hedged, double median, double p95, double slowest, Map<String, Long> places) {}

    private static final class Ring {
        final Bucket[] buckets = new Bucket[SECONDS];
    }

    /** What came in one second; of very many calls only some durations are kept. */
    private static final class Bucket {
        final long at;
        long calls;
        long failed;
        long tasks;
        long hedged;
        float slowest;
        final float[] samples;
        final Map<String, Long> places = new TreeMap<>();

        Bucket(long at, int room) {
            this.at = at;
            samples = new float[room];
        }
    }

    Meter(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes a call. */
    void note(ProjectId project, Calls.Done done, boolean isTask) {
        long at = clock.instant().getEpochSecond();
        Ring ring = rings.computeIfAbsent(project, id -> new Ring());
        synchronized (ring) {
            int index = (int) (at % SECONDS);
            Bucket bucket = ring.buckets[index];
            if (bucket == null || bucket.at != at) {
                bucket = new Bucket(at, SAMPLES);
                ring.buckets[index] = bucket;
            }
            float millis = done.nanos() / 1e6f;
            int slot = bucket.calls < SAMPLES ? (int) bucket.calls : (int) ((bucket.calls * 2_654_435_761L >>> 8) % SAMPLES);
            bucket.samples[slot] = millis;
            bucket.calls++;
            bucket.failed += done.outcome() instanceof CallOutcome.Answer ? 0 : 1;
            bucket.tasks += isTask ? 1 : 0;
            bucket.hedged += done.hedged() ? 1 : 0;
            bucket.slowest = Math.max(bucket.slowest, millis);
            for (String place : done.ranOn().isEmpty() ? new String[0] : done.ranOn().split(",", -1)) {
                bucket.places.merge(place, 1L, Long::sum);
            }
        }
    }

    /** The seconds after this one that had calls of these projects, oldest first; the present one is not over yet and left out. */
    List<Second> since(Collection<ProjectId> projects, long after) {
        long now = clock.instant().getEpochSecond();
        TreeMap<Long, Merged> seconds = new TreeMap<>();
        for (ProjectId project : projects) {
            Ring ring = rings.get(project);
            if (ring == null) {
                continue;
            }
            synchronized (ring) {
                for (Bucket bucket : ring.buckets) {
                    if (bucket != null && bucket.at > Math.max(after, now - SECONDS) && bucket.at < now) {
                        seconds.computeIfAbsent(bucket.at, at -> new Merged()).add(bucket);
                    }
                }
            }
        }
        List<Second> list = new ArrayList<>();
        seconds.forEach((at, merged) -> list.add(merged.second(at)));
        return list;
    }

    /** The same second of several projects. */
    private static final class Merged {
        private final Bucket sum = new Bucket(0, 0);
        private float[] samples = new float[0];

        void add(Bucket bucket) {
            sum.calls += bucket.calls;
            sum.failed += bucket.failed;
            sum.tasks += bucket.tasks;
            sum.hedged += bucket.hedged;
            sum.slowest = Math.max(sum.slowest, bucket.slowest);
            bucket.places.forEach((place, calls) -> sum.places.merge(place, calls, Long::sum));
            int count = (int) Math.min(bucket.calls, SAMPLES);
            int before = samples.length;
            samples = Arrays.copyOf(samples, before + count);
            System.arraycopy(bucket.samples, 0, samples, before, count);
        }

        Second second(long at) {
            Arrays.sort(samples);
            return new Second(at, sum.calls, sum.failed, sum.tasks, sum.hedged, samples[samples.length / 2],
                    samples[Math.min(samples.length - 1, samples.length * 95 / 100)], sum.slowest, sum.places);
        }
    }
}

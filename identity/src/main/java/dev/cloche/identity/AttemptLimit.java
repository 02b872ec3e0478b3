package dev.cloche.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How often something may be tried under one key within a window of time. Holds at most 10,000 keys in memory and forgets the
 * least recently used; a new start of the server forgets all. Safe for use by several threads.
 */
final class AttemptLimit {
    private static final int KEYS = 10_000;

    private final InstantSource clock;
    private final int most;
    private final Duration window;
    private final Map<String, Deque<Instant>> attempts = new LinkedHashMap<>(64, 0.75f, true);

    AttemptLimit(InstantSource clock, int most, Duration window) {
        this.clock = clock;
        this.most = most;
        this.window = window;
    }

    /** Counts an attempt and returns nothing, or returns how long to wait and counts nothing. */
    synchronized Optional<Duration> attempt(String key) {
        Instant now = clock.instant();
        Deque<Instant> times = attempts.computeIfAbsent(key, k -> new ArrayDeque<>());
        while (!times.isEmpty() && !times.peekFirst().plus(window).isAfter(now)) {
            times.removeFirst();
        }
        if (times.size() >= most) {
            return Optional.of(Duration.between(now, times.getFirst().plus(window)));
        }
        times.addLast(now);
        if (attempts.size() > KEYS) {
            var oldest = attempts.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return Optional.empty();
    }

    /** Takes back the newest attempt under a key: it was a good one. */
    synchronized void forgive(String key) {
        Deque<Instant> times = attempts.get(key);
        if (times != null) {
            times.pollLast();
        }
    }
}

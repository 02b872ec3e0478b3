package dev.cloche.coordinator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a task waits after a failure: about one second, twice as long after each further one, at most five minutes. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** After the first, second, … failure; from half to one and a half of the time, so that those that failed together do not come together. */
    Duration after(int failures) {
        long millis = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1)));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis));
    }
}

package dev.cloche.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was just looked up in the database, so that one who calls a thousand times a second is not looked up a thousand times.
 * Forgotten with every change that this server makes to people, tokens, sessions or projects, and after a second in any case,
 * should somebody else have changed the database. What was not found is not remembered. Any thread.
 */
final class Remembered<K, V> {
    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Supplier<Long> changes;
    private final InstantSource clock;
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();

    private record Entry<V>(V value, long changes, Instant since) {}

    /**
     * Nothing yet.
     *
     * @param changes how many changes there were; read before looking up, so that what was read while something changed does not count
     */
    Remembered(Supplier<Long> changes, InstantSource clock) {
        this.changes = changes;
        this.clock = clock;
    }

    /** What is found under this key, now or within the last second. */
    Optional<V> find(K key, Supplier<Optional<V>> lookUp) {
        long before = changes.get();
        Instant now = clock.instant();
        Entry<V> there = entries.get(key);
        if (there != null && there.changes == before && !now.isBefore(there.since) && now.isBefore(there.since.plus(LONGEST))) {
            return Optional.of(there.value);
        }
        Optional<V> found = lookUp.get();
        if (found.isEmpty()) {
            entries.remove(key);
            return found;
        }
        if (entries.size() >= MOST) {
            entries.clear();
        }
        entries.put(key, new Entry<>(found.get(), before, now));
        return found;
    }
}

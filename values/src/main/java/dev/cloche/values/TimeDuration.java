package dev.cloche.values;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * A span of time (facts, specification A, section 2.2).
 *
 * @param micros microseconds; may be negative
 */
public record TimeDuration(long micros) implements Comparable<TimeDuration> {
    /** Its size in BSATN, in bytes. */
    public static final int BYTES = 8;

    /** Whole microseconds of this span. */
    public static TimeDuration of(Duration duration) {
        return new TimeDuration(Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000));
    }

    /** Reads 8 bytes. */
    public static TimeDuration read(BsatnReader reader) {
        return new TimeDuration(reader.readI64());
    }

    /** The same span for Java. */
    public Duration toDuration() {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** Writes 8 bytes. */
    public void write(BsatnWriter writer) {
        writer.writeU64(micros);
    }

    @Override
    public int compareTo(TimeDuration other) {
        return Long.compare(micros, other.micros);
    }
}

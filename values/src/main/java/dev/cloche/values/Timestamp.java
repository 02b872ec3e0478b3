package dev.cloche.values;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A moment (facts, specification A, section 2.2).
 *
 * @param micros microseconds since 1970-01-01 00:00 UTC; may be negative
 */
public record Timestamp(long micros) implements Comparable<Timestamp> {
    /** The start of 1970. */
    public static final Timestamp EPOCH = new Timestamp(0);

    /** Its size in BSATN, in bytes. */
    public static final int BYTES = 8;

    /** The microsecond in which this moment is. */
    public static Timestamp of(Instant instant) {
        return new Timestamp(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    /** Reads 8 bytes. */
    public static Timestamp read(BsatnReader reader) {
        return new Timestamp(reader.readI64());
    }

    /** The same moment for Java. */
    public Instant toInstant() {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Writes 8 bytes. */
    public void write(BsatnWriter writer) {
        writer.writeU64(micros);
    }

    @Override
    public int compareTo(Timestamp other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return toInstant().toString();
    }
}

package dev.cloche.toolchains;

import java.time.Duration;

/**
 * How far a build may go.
 *
 * @param time of the whole build
 * @param memory address space of one compiler, in bytes; 0 for no limit
 * @param file largest file that it writes, in bytes; 0 for no limit
 * @param alone whether compilers get a clean environment and, where this machine can, a root of their own without network
 */
public record BuildLimits(Duration time, long memory, long file, boolean alone) {
    /** With its crates, built twice, Rust takes more time. */
    private static final int FOR_RUST = 5;

    /** For a person's own sources on a person's own machine. */
    public static final BuildLimits OWN = new BuildLimits(Duration.ofMinutes(10), 0, 0, false);

    /** For sources of others; Rust has five times the time. */
    public static final BuildLimits FOREIGN = new BuildLimits(Duration.ofMinutes(1), 2L << 30, 64L << 20, true);

    /** Those for a language. */
    BuildLimits of(Language language) {
        return alone && language == Language.RUST ? new BuildLimits(time.multipliedBy(FOR_RUST), memory, file, alone) : this;
    }
}

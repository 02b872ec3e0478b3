package dev.cloche.packages;

/** Hears how an installation goes on; may throw an unchecked exception to end it. */
@FunctionalInterface
interface Progress {
    /** Nobody listens. */
    Progress SILENT = step -> {};

    /** The next step. */
    void report(Step step);

    /**
     * A step of an installation.
     *
     * @param phase {@code resolve}, {@code fetch} or {@code write}
     * @param project the package, empty where none is meant
     * @param done how many are done
     * @param total of how many; 0 while nobody knows
     * @param bytes the bytes of the wheels that are here
     */
    record Step(String phase, @com.fasterxml.jackson.annotation.JsonProperty("package") String project, int done, int total, long bytes) {}
}

package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name by which a worker is called: groups of {@code a-z} and {@code 0-9} joined by single dots, hyphens or underscores,
 * at most 64 characters, and none that the API's paths need.
 */
record WorkerName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]+([._-][a-z0-9]+)*");
    private static final Set<String> TAKEN = Set.of("statistics", "events");
    private static final int LONGEST = 64;

    /** Checks the form. */
    WorkerName {
        if (value.length() > LONGEST || !FORM.matcher(value).matches()) {
            throw Problem.field("name", "worker-name",
                    "A worker's name has groups of a-z and 0-9 joined by single dots, hyphens or underscores, and at most " + LONGEST + " characters.");
        }
        if (TAKEN.contains(value)) {
            throw Problem.field("name", "worker-name", "A worker cannot be called '" + value + "'.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

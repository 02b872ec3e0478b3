package dev.cloche.coordinator;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a try of a task did not give a result.
 *
 * @param on the place, or who had the lease
 * @param name of the place: a node or tab may be gone when somebody asks
 * @param error as envelopes write it: {@code bad_input}
 */
record TaskError(Instant at, String on, Optional<String> name, String error, Optional<String> field, Optional<String> rule, String message) {
    private static final int LONGEST = 2000;

    /** Cuts long messages. */
    TaskError {
        message = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
    }

    /** Whether another try can end otherwise. */
    boolean mayPass() {
        return !error.equals("bad_input") && !error.equals("unknown_function");
    }
}

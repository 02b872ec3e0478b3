package dev.cloche.packages;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * Why a package cannot come into the tab, for people.
 *
 * @param project the package
 * @param cause the kind of obstacle, for programs
 * @param message what is the matter
 * @param help what would help, if anything is known
 */
record Reason(@JsonProperty("package") String project, Cause cause, String message, Optional<String> help) {
    /** The kinds of obstacles. */
    enum Cause {
        UNKNOWN_PACKAGE("unknown-package"),
        NO_VERSION("no-version"),
        NO_WHEEL("no-wheel-for-the-tab"),
        PYTHON_VERSION("python-version"),
        CONFLICT("conflict"),
        DAMAGED("damaged"),
        UPSTREAM("upstream");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        /** The name in the API. */
        @JsonValue
        String label() {
            return label;
        }
    }
}

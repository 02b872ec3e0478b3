package dev.cloche.coordinator;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/** The identifier of a task. */
record TaskId(@JsonValue String value) {
    /** Checks the shape. */
    TaskId {
        if (!RandomIds.isId(value)) {
            throw Problem.field("id", "pattern", "'" + value + "' is not the identifier of a task.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

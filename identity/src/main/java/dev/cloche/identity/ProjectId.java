package dev.cloche.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/**
 * The identifier of a project.
 *
 * @param value as {@link RandomIds} makes them
 */
public record ProjectId(@JsonValue String value) {
    /** Checks the shape. */
    public ProjectId {
        if (!RandomIds.isId(value)) {
            throw Problem.field("projectId", "pattern", "'" + value + "' is not the identifier of a project.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

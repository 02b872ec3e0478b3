package dev.cloche.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/**
 * The identifier of a person.
 *
 * @param value as {@link RandomIds} makes them
 */
public record PersonId(@JsonValue String value) {
    /** Checks the shape. */
    public PersonId {
        if (!RandomIds.isId(value)) {
            throw Problem.field("personId", "pattern", "'" + value + "' is not the identifier of a person.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

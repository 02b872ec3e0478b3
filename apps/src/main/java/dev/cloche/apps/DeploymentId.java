package dev.cloche.apps;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/**
 * The identifier of a deployment.
 *
 * @param value as {@link RandomIds} makes them
 */
public record DeploymentId(@JsonValue String value) {
    /** Checks the shape. */
    public DeploymentId {
        if (!RandomIds.isId(value)) {
            throw Problem.field("deployment", "pattern", "'" + value + "' is not the identifier of a deployment.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.cloche.workspaces;

import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/**
 * The identifier of a workspace.
 *
 * @param value as {@link RandomIds} makes them
 */
public record WorkspaceId(String value) {
    /** Checks the shape. */
    public WorkspaceId {
        if (!RandomIds.isId(value)) {
            throw Problem.field("workspaceId", "pattern", "'" + value + "' is not the identifier of a workspace.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

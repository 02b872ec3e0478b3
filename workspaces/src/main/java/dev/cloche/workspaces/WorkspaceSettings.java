package dev.cloche.workspaces;

import java.time.Duration;

/**
 * What the server says of its workspaces.
 *
 * @param pythonVersion the Python version of the engine in the tab
 * @param limits how much a workspace may hold
 * @param restorable how long a deleted workspace can be restored
 */
public record WorkspaceSettings(String pythonVersion, WorkspaceLimits limits, Duration restorable) {
    /** The usual settings with this engine. */
    public static WorkspaceSettings of(String pythonVersion) {
        return new WorkspaceSettings(pythonVersion, WorkspaceLimits.DEFAULT, Duration.ofDays(30));
    }
}

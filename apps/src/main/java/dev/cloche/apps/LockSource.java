package dev.cloche.apps;

import dev.cloche.packages.PythonLock;
import dev.cloche.workspaces.WorkspaceId;

/** Where the wheels of a Python app come from. */
@FunctionalInterface
public interface LockSource {
    /**
     * The lock that answers what the workspace asks for now, made if there is none yet; a problem if it cannot be made.
     *
     * @param mayWrite whether it may be written into the workspace
     */
    PythonLock lock(WorkspaceId workspace, boolean mayWrite);
}

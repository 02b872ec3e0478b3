package dev.cloche.apps;

import dev.cloche.packages.PythonLock;
import dev.cloche.workspaces.WorkspaceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One immutable version of an app.
 *
 * @param id its identifier
 * @param app the app's name
 * @param workspace where its files come from; possibly gone
 * @param revision of the workspace
 * @param kind what it is
 * @param placement where it runs
 * @param entry {@code module:object} for Python, the folder with {@code index.html} for files (empty: the root)
 * @param environment variables of its programs; every visitor can read them
 * @param lock the wheels that a Python app runs with
 * @param files how many files it has
 * @param size of all of them in bytes
 * @param createdAt when it was published
 * @param createdBy who published it: a person's identifier
 */
public record Deployment(
        DeploymentId id,
        AppName app,
        WorkspaceId workspace,
        long revision,
        AppKind kind,
        Placement placement,
        String entry,
        Map<String, String> environment,
        Optional<PythonLock> lock,
        int files,
        long size,
        Instant createdAt,
        String createdBy) {
    /** Copies the environment. */
    public Deployment {
        environment = Map.copyOf(environment);
    }
}

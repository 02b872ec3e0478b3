package dev.cloche.apps;

import dev.cloche.identity.ProjectId;
import java.time.Instant;

/**
 * A published project with a name, reached at its own origin.
 *
 * @param name unique on the server
 * @param projectId the project that owns it
 * @param deployment the version that visitors get
 * @param createdAt when it was first published
 * @param updatedAt when the deployment was last chosen
 */
public record App(AppName name, ProjectId projectId, Deployment deployment, Instant createdAt, Instant updatedAt) {}

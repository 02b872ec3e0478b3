package dev.cloche.workspaces;

import dev.cloche.identity.ProjectId;
import java.time.Instant;
import java.util.Optional;

/**
 * A file tree with a type and a configuration, opened in the IDE.
 *
 * @param id its identifier
 * @param projectId the project that owns it
 * @param name 1 to 100 characters, for people
 * @param description at most 500 characters, possibly empty
 * @param type its type, for good
 * @param config its configuration
 * @param revision counts its changes; 0 is the empty tree
 * @param createdAt when it was made
 * @param editedAt when a file of it changed last
 * @param deletedAt when it was deleted; it can be restored for 30 days
 */
public record Workspace(
        WorkspaceId id,
        ProjectId projectId,
        String name,
        String description,
        WorkspaceType type,
        WorkspaceConfig config,
        long revision,
        Instant createdAt,
        Instant editedAt,
        Optional<Instant> deletedAt) {
    /** The same workspace with another name and description. */
    Workspace described(String newName, String newDescription) {
        return new Workspace(id, projectId, newName, newDescription, type, config, revision, createdAt, editedAt, deletedAt);
    }

    /** The same workspace with another configuration. */
    Workspace configured(WorkspaceConfig newConfig) {
        return new Workspace(id, projectId, name, description, type, newConfig, revision, createdAt, editedAt, deletedAt);
    }
}

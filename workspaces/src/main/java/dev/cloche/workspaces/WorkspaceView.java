package dev.cloche.workspaces;

import dev.cloche.identity.Role;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A workspace as the API shows it to somebody: the schema {@code Workspace} of {@code openapi.yaml}. */
record WorkspaceView(
        String id,
        String projectId,
        String name,
        String description,
        WorkspaceType type,
        WorkspaceConfig config,
        long revision,
        Instant createdAt,
        Instant editedAt,
        Optional<Instant> deletedAt,
        Optional<String> role) {
    static WorkspaceView of(Workspace workspace, Optional<Role> role) {
        return new WorkspaceView(
                workspace.id().value(),
                workspace.projectId().value(),
                workspace.name(),
                workspace.description(),
                workspace.type(),
                workspace.config(),
                workspace.revision(),
                workspace.createdAt(),
                workspace.editedAt(),
                workspace.deletedAt(),
                role.map(r -> r.name().toLowerCase(Locale.ROOT)));
    }
}

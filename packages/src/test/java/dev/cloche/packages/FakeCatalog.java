package dev.cloche.packages;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceConfig;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workspaces in memory, of one project. */
final class FakeCatalog implements WorkspaceCatalog {
    static final ProjectId PROJECT = new ProjectId("pr0ject000000000");

    private final Map<WorkspaceId, Workspace> workspaces = new HashMap<>();
    private final Map<WorkspaceId, Map<String, byte[]>> files = new HashMap<>();
    int writes;
    boolean broken;

    WorkspaceId add(String id, WorkspaceType type, String... packages) {
        WorkspaceId workspace = new WorkspaceId(id);
        workspaces.put(workspace, new Workspace(workspace, PROJECT, "test", "", type, new WorkspaceConfig(Map.of("A", "1"), List.of(packages)),
                0, Instant.EPOCH, Instant.EPOCH, Optional.empty()));
        files.put(workspace, new HashMap<>());
        return workspace;
    }

    @Override
    public Workspace get(WorkspaceId id) {
        if (!workspaces.containsKey(id)) {
            throw Problem.notFound("The workspace");
        }
        return workspaces.get(id);
    }

    @Override
    public List<FileEntry> tree(WorkspaceId id, long revision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> read(WorkspaceId id, String path) {
        return Optional.ofNullable(files.get(id).get(path));
    }

    @Override
    public byte[] content(Digest digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(WorkspaceId id, Map<String, byte[]> changed) {
        if (broken) {
            throw new IllegalStateException("the database is gone");
        }
        files.get(id).putAll(changed);
        return ++writes;
    }

    @Override
    public void configure(WorkspaceId id, WorkspaceConfig config) {
        Workspace old = get(id);
        workspaces.put(id, new Workspace(id, old.projectId(), old.name(), old.description(), old.type(), config, old.revision(),
                old.createdAt(), old.editedAt(), old.deletedAt()));
    }
}

package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The workspaces as other features see them. It asks no policy: callers check {@code Access} first, with the project of
 * the workspace. Each change is one transaction and one revision.
 */
public interface WorkspaceCatalog {
    /** The workspace, unless it does not exist or is deleted; then a {@code NOT_FOUND} problem. */
    Workspace get(WorkspaceId id);

    /** All files of a revision, by path; a revision that does not exist yet is a problem of the field {@code revision}. */
    List<FileEntry> tree(WorkspaceId id, long revision);

    /** A file's content as of now. */
    Optional<byte[]> read(WorkspaceId id, String path);

    /** Content by its address, as found in a tree. */
    byte[] content(Digest digest);

    /** Writes files, all or none, and returns the new revision. */
    long write(WorkspaceId id, Map<String, byte[]> files);

    /** Replaces the configuration. */
    void configure(WorkspaceId id, WorkspaceConfig config);
}

package dev.cloche.workspaces;

import java.util.List;

/** What happened to a workspace, for those who have it open. */
public sealed interface WorkspaceEvent {
    /**
     * Files changed.
     *
     * @param revision the new revision; events of two writers may overtake each other, the larger number is the newer
     * @param paths what was written or removed; empty if too many to tell
     */
    record FilesChanged(long revision, List<FilePath> paths) implements WorkspaceEvent {
        /** Copies the list. */
        public FilesChanged {
            paths = List.copyOf(paths);
        }
    }

    /** The name, description or configuration changed. */
    record Configured() implements WorkspaceEvent {}

    /** The workspace was deleted; nothing follows. */
    record Deleted() implements WorkspaceEvent {}
}

package dev.cloche.workspaces;

/**
 * How much a workspace may hold.
 *
 * @param fileBytes the largest file
 * @param batchBytes the most content in one batch of changes
 * @param batchChanges the most changes in one batch
 * @param entries the most files and folders of one workspace
 * @param workspaceBytes the most content of one workspace, in its newest revision
 * @param workspaces the most workspaces of one project
 */
public record WorkspaceLimits(
        long fileBytes, long batchBytes, int batchChanges, int entries, long workspaceBytes, int workspaces) {
    /** The limits that hold unless configured otherwise. */
    public static final WorkspaceLimits DEFAULT =
            new WorkspaceLimits(64L << 20, 64L << 20, 2_000, 20_000, 1L << 30, 2_000);
}

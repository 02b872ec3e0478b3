package dev.cloche.workspaces;

import java.util.List;

/**
 * The files and folders of one revision.
 *
 * @param revision the revision
 * @param entries by path, folders before what is in them
 */
public record FileTree(long revision, List<TreeEntry> entries) {
    /** Copies the list. */
    public FileTree {
        entries = List.copyOf(entries);
    }

    /** The files alone. */
    public List<FileEntry> files() {
        return entries.stream()
                .filter(TreeEntry.File.class::isInstance)
                .map(TreeEntry.File.class::cast)
                .map(f -> new FileEntry(f.path().value(), f.digest(), f.size(), f.revision()))
                .toList();
    }
}

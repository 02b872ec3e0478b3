package dev.cloche.workspaces;

import java.util.List;
import java.util.Set;

/**
 * What a batch of changes came to.
 *
 * @param revision the workspace's revision afterwards; the old one if nothing changed
 * @param touched the entries that the changes named or touched and that exist now
 * @param made which of them did not exist before
 * @param changed every path that this revision wrote or removed; empty if nothing changed
 */
public record Commit(long revision, List<TreeEntry> touched, Set<FilePath> made, List<FilePath> changed) {
    /** Copies the collections. */
    public Commit {
        touched = List.copyOf(touched);
        made = Set.copyOf(made);
        changed = List.copyOf(changed);
    }
}

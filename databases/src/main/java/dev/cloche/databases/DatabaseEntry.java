package dev.cloche.databases;

import dev.cloche.identity.ProjectId;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import java.util.List;

/**
 * What is known of a database without starting it.
 *
 * @param identity never changes
 * @param names by which clients find it, possibly none
 * @param project whose roles say who may administer it
 * @param owner identity of whoever made it
 * @param program hash of the module that it was made from first: 32 bytes
 * @param locked whether it is protected from being deleted
 */
public record DatabaseEntry(Identity identity, List<DatabaseName> names, ProjectId project, Identity owner, Bytes program, boolean locked) {
    /** Copies the names. */
    public DatabaseEntry {
        names = List.copyOf(names);
    }
}

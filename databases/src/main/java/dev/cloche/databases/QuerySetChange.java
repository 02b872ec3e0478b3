package dev.cloche.databases;

import java.util.List;

/**
 * What one transaction changed for one query set of one client.
 *
 * @param querySet the number that the client chose
 * @param changes one for each query whose result changed, in the order of the set's queries; never empty
 */
public record QuerySetChange(int querySet, List<QueryChange> changes) {
    /** Copies the changes. */
    public QuerySetChange {
        changes = List.copyOf(changes);
    }
}

package dev.cloche.protocol;

import dev.cloche.databases.QueryChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups what changed by table, as updates list it: a table once, with an entry for each query that returns it. */
final class ByTable {
    private ByTable() {}

    /** The groups, in the order in which the tables come first. */
    static List<List<QueryChange>> of(Collection<QueryChange> changes) {
        if (changes.size() == 1) {
            return List.of(List.copyOf(changes));
        }
        Map<Integer, List<QueryChange>> tables = new LinkedHashMap<>();
        changes.forEach(change -> tables.computeIfAbsent(change.tableId(), id -> new ArrayList<>()).add(change));
        return List.copyOf(tables.values());
    }
}

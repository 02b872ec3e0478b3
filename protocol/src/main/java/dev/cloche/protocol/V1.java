package dev.cloche.protocol;

import dev.cloche.databases.QueryChange;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.TableRows;
import dev.cloche.tables.RowList;
import java.util.List;

/** What both forms of version 1 have in common: everything is an update of tables, whichever query set it belongs to. */
final class V1 {
    /** The number of the one set that has none. */
    static final int WHOLE_SET = -1;

    private V1() {}

    /** What a query set found, as rows that come. */
    static List<List<QueryChange>> inserted(List<TableRows> rows) {
        return ByTable.of(rows.stream().map(table -> new QueryChange(table.tableId(), table.table(), false, table.rows(), RowList.EMPTY)).toList());
    }

    /** What a query set held, as rows that go. */
    static List<List<QueryChange>> deleted(List<TableRows> rows) {
        return ByTable.of(rows.stream().map(table -> new QueryChange(table.tableId(), table.table(), false, RowList.EMPTY, table.rows())).toList());
    }

    /** The changes of all sets. */
    static List<List<QueryChange>> all(List<QuerySetChange> sets) {
        return ByTable.of(sets.stream().flatMap(set -> set.changes().stream()).toList());
    }

    /** How many rows these changes tell of. */
    static long rows(List<QueryChange> changes) {
        return changes.stream().mapToLong(change -> (long) change.inserts().count() + change.deletes().count()).sum();
    }
}

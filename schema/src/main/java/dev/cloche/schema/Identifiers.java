package dev.cloche.schema;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Gives tables, views and indexes the numbers that they had, and new ones to those that are new. */
final class Identifiers {
    private final Map<String, Integer> tables = new HashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private int nextTable = DatabaseSchema.FIRST_TABLE;
    private int nextIndex = DatabaseSchema.FIRST_TABLE;

    Identifiers(Optional<ModuleSchema> before) {
        if (before.isEmpty()) {
            return;
        }
        for (TableSchema table : before.get().database().tables()) {
            keepTable(table.name(), table.id());
            for (TableSchema.Index index : table.indexes()) {
                indexes.put(key(table.name(), index.name()), index.id());
                nextIndex = Math.max(nextIndex, index.id() + 1);
            }
        }
        before.get().views().forEach(view -> keepTable(view.name(), view.tableId()));
    }

    private void keepTable(String name, int id) {
        tables.put(name, id);
        nextTable = Math.max(nextTable, id + 1);
    }

    /** Of a table or a view: both are asked for by name in one space. */
    int table(String name) {
        return tables.computeIfAbsent(name, _ -> nextTable++);
    }

    int index(String table, String name) {
        return indexes.computeIfAbsent(key(table, name), _ -> nextIndex++);
    }

    private static String key(String table, String index) {
        return table + " " + index;
    }
}

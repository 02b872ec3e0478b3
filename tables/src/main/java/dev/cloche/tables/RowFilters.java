package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.SqlSyntax.Projection;
import dev.cloche.tables.SqlSyntax.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Row-level security: which statements say what others than the owner see of a table. */
final class RowFilters {
    private final Map<Integer, List<Select>> byTable = new HashMap<>();

    RowFilters(Store store, List<String> statements) {
        for (String statement : statements) {
            add(store, statement);
        }
    }

    private void add(Store store, String statement) {
        if (!(SqlParser.parse(statement) instanceof Select select)
                || !(select.projection() instanceof Projection.Star(var star))
                || select.limit().isPresent()) {
            throw new SqlException("A filter of row-level security is SELECT * or SELECT t.* without LIMIT: " + statement, 0);
        }
        SqlSyntax.Source returned = select.from();
        for (SqlSyntax.Join join : select.joins()) {
            if (star.isPresent() && join.source().alias().text().equals(star.get().text())) {
                returned = join.source();
            }
        }
        Table table = store.named(returned.table().text());
        if (table == null) {
            throw new SqlException("A filter of row-level security is for `" + returned.table().text() + "`, which is no table: " + statement, 0);
        }
        byTable.computeIfAbsent(table.schema().id(), id -> new ArrayList<>()).add(select);
    }

    boolean isEmpty() {
        return byTable.isEmpty();
    }

    List<Select> of(TableSchema table) {
        return byTable.getOrDefault(table.id(), List.of());
    }
}

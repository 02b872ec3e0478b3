package dev.cloche.tables;

import dev.cloche.tables.BoundSelect.Relation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which queries a change may concern. Queries that ask for one value of a column are found by that value, so that a
 * thousand clients who each watch rows of their own cost one look-up a row.
 */
final class WatchedQueries {
    private final Map<Integer, OfTable> tables = new HashMap<>();

    private static final class OfTable {
        final Set<Query> all = new LinkedHashSet<>();
        final Map<Integer, Map<ByteKey, Set<Query>>> byValue = new HashMap<>();

        boolean isEmpty() {
            return all.isEmpty() && byValue.isEmpty();
        }
    }

    /** A relation's condition of one value. */
    private record OneValue(int column, ByteKey value) {}

    boolean isEmpty() {
        return tables.isEmpty();
    }

    void add(Query query) {
        for (JoinPlan plan : query.plans()) {
            for (int i = 0; i < plan.select().relations().size(); i++) {
                Relation relation = plan.select().relations().get(i);
                OfTable of = tables.computeIfAbsent(relation.table().schema().id(), id -> new OfTable());
                List<OneValue> values = values(plan.select(), i);
                if (values.isEmpty()) {
                    of.all.add(query);
                } else {
                    OneValue one = values.getFirst();
                    of.byValue
                            .computeIfAbsent(one.column, column -> new HashMap<>())
                            .computeIfAbsent(one.value, value -> new LinkedHashSet<>())
                            .add(query);
                }
            }
        }
    }

    void remove(Query query) {
        for (JoinPlan plan : query.plans()) {
            for (int i = 0; i < plan.select().relations().size(); i++) {
                int id = plan.select().relations().get(i).table().schema().id();
                OfTable of = tables.get(id);
                if (of != null) {
                    of.all.remove(query);
                    values(plan.select(), i).stream().findFirst().ifPresent(one -> remove(query, of, one));
                    if (of.isEmpty()) {
                        tables.remove(id);
                    }
                }
            }
        }
    }

    private static void remove(Query query, OfTable of, OneValue one) {
        Map<ByteKey, Set<Query>> values = of.byValue.getOrDefault(one.column, Map.of());
        Set<Query> queries = values.get(one.value);
        if (queries != null) {
            queries.remove(query);
            if (queries.isEmpty()) {
                values.remove(one.value);
            }
            if (values.isEmpty()) {
                of.byValue.remove(one.column);
            }
        }
    }

    /** Floats are left out: equal ones may differ in their bytes. */
    private static List<OneValue> values(BoundSelect select, int relation) {
        List<OneValue> found = new ArrayList<>();
        for (Condition condition : select.conditions()) {
            if (condition instanceof Condition.WithValue(Condition.Column column, Condition.Operator operator, byte[] value)
                    && operator == Condition.Operator.EQUAL
                    && column.relation() == relation
                    && column.layout().column(column.number()).bytesDecide()) {
                found.add(new OneValue(column.number(), new ByteKey(value, 0, value.length)));
            }
        }
        return found;
    }

    /** Each query once. */
    Collection<Query> concerned(Store store, List<Changes.TableChange> changes) {
        Set<Query> found = new LinkedHashSet<>();
        for (Changes.TableChange change : changes) {
            OfTable of = tables.get(change.table());
            if (of != null) {
                found.addAll(of.all);
                Table table = store.table(change.table());
                of.byValue.forEach((column, values) -> {
                    collect(table, column, change.inserted(), values, found);
                    collect(table, column, change.deleted(), values, found);
                });
            }
        }
        return found;
    }

    private static void collect(Table table, int column, RowList rows, Map<ByteKey, Set<Query>> values, Set<Query> into) {
        for (int row = 0; row < rows.count(); row++) {
            int from = table.layout().offset(rows.data(), rows.start(row), column);
            int to = table.layout().column(column).skip(rows.data(), from);
            Set<Query> queries = values.get(new ByteKey(rows.data(), from, to));
            if (queries != null) {
                into.addAll(queries);
            }
        }
    }
}

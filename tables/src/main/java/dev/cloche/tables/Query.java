package dev.cloche.tables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A query that can be subscribed to; compiled once and shared by all who ask the same with the same parameters.
 *
 * <p>Its rows are rows of one table. Rows that a join finds several times are listed so many times, as clients count them.
 */
public final class Query {
    private final String text;
    private final Table returned;
    private final List<JoinPlan> plans;
    private int watchers;

    Query(String text, Table returned, List<JoinPlan> plans) {
        this.text = text;
        this.returned = returned;
        this.plans = List.copyOf(plans);
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** The name of the table (or view) whose rows it gives. */
    public String tableName() {
        return returned.schema().name();
    }

    /** The identifier of that table. */
    public int table() {
        return returned.schema().id();
    }

    /** Whether it gives events: there are no initial rows then, and changes have only {@code inserted}. */
    public boolean event() {
        return returned.kind() == Changes.Kind.EVENT;
    }

    /** The tables (and tables of views) that it reads. */
    public List<Integer> reads() {
        return plans.stream()
                .flatMap(plan -> plan.select().relations().stream())
                .map(relation -> relation.table().schema().id())
                .distinct()
                .toList();
    }

    List<JoinPlan> plans() {
        return plans;
    }

    /** Counts one watcher more or less; gives how many there are. */
    int watchers(int more) {
        watchers += more;
        return watchers;
    }

    /** All its rows now. */
    public RowList rows() {
        RowListBuilder rows = new RowListBuilder();
        for (JoinPlan plan : plans) {
            int relation = plan.select().returned();
            plan.all((tuple, times) -> {
                rows.add(tuple.bytes[relation], tuple.at[relation], tuple.lengths[relation]);
                return true;
            });
        }
        return rows.build();
    }

    /** What changes, by their tables, mean for it; nothing if its rows stay as they are. */
    Optional<Change> change(Map<Integer, Changes.TableChange> changes) {
        if (plans.size() == 1 && plans.getFirst().select().relations().size() == 1) {
            return ofOneTable(plans.getFirst(), changes);
        }
        Map<ByteKey, int[]> net = new LinkedHashMap<>();
        for (JoinPlan plan : plans) {
            int relation = plan.select().returned();
            plan.changes(changes, (tuple, times) -> {
                int from = tuple.at[relation];
                net.computeIfAbsent(new ByteKey(tuple.bytes[relation], from, from + tuple.lengths[relation]), key -> new int[1])[0] += times;
                return true;
            });
        }
        RowListBuilder inserted = new RowListBuilder();
        RowListBuilder deleted = new RowListBuilder();
        net.forEach((row, times) -> {
            for (int i = 0; i < Math.abs(times[0]); i++) {
                (times[0] > 0 ? inserted : deleted).add(row.bytes(), 0, row.bytes().length);
            }
        });
        return change(inserted, deleted);
    }

    private Optional<Change> change(RowListBuilder inserted, RowListBuilder deleted) {
        return inserted.count() + deleted.count() == 0 ? Optional.empty() : Optional.of(new Change(this, inserted.build(), deleted.build()));
    }

    private Optional<Change> ofOneTable(JoinPlan plan, Map<Integer, Changes.TableChange> changes) {
        Changes.TableChange change = changes.get(table());
        if (change == null) {
            return Optional.empty();
        }
        if (plan.select().conditions().isEmpty()) {
            return Optional.of(new Change(this, change.inserted(), change.deleted()));
        }
        RowList inserted = matching(plan.select().conditions(), change.inserted());
        RowList deleted = matching(plan.select().conditions(), change.deleted());
        return inserted.isEmpty() && deleted.isEmpty() ? Optional.empty() : Optional.of(new Change(this, inserted, deleted));
    }

    private static RowList matching(List<Condition> conditions, RowList rows) {
        if (rows.isEmpty()) {
            return rows;
        }
        Tuple tuple = new Tuple(1);
        RowListBuilder found = null;
        for (int row = 0; row < rows.count(); row++) {
            tuple.set(0, rows, row);
            boolean holds = true;
            for (int i = 0; holds && i < conditions.size(); i++) {
                holds = conditions.get(i).holds(tuple);
            }
            if (holds) {
                found = found == null ? new RowListBuilder() : found;
                found.add(rows.data(), rows.start(row), rows.end(row) - rows.start(row));
            }
        }
        return found == null ? RowList.EMPTY : found.build();
    }

    @Override
    public String toString() {
        return text;
    }

    /** What a transaction changed in the rows of a query; not empty. */
    public record Change(Query query, RowList inserted, RowList deleted) {}
}

package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.SqlSyntax.Projection;
import dev.cloche.tables.SqlSyntax.Select;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A SELECT that is ready to run. */
final class SqlSelect {
    private final List<JoinPlan> plans;
    private final int ofCaller;
    private final long limit;
    private final AlgebraicType.Product type;
    /** Empty for whole rows. */
    private final List<Condition.Column> columns;

    private final boolean counts;

    private SqlSelect(List<JoinPlan> plans, int ofCaller, long limit, AlgebraicType.Product type, List<Condition.Column> columns, boolean counts) {
        this.plans = plans;
        this.ofCaller = ofCaller;
        this.limit = limit;
        this.type = type;
        this.columns = columns;
        this.counts = counts;
    }

    static SqlSelect compile(Select select, SqlBinder binder) {
        BoundSelect bound = binder.bind(select, false);
        List<JoinPlan> plans = binder.visible(bound).stream().map(JoinPlan::new).toList();
        List<Condition.Column> columns = new ArrayList<>();
        List<Element> elements = new ArrayList<>();
        switch (select.projection()) {
            case Projection.Star star -> {
                for (TableSchema.Column column : bound.relations().get(bound.returned()).table().schema().columns()) {
                    elements.add(Element.of(column.name(), column.type()));
                }
            }
            case Projection.Columns(List<Projection.Item> items) -> {
                for (Projection.Item item : items) {
                    Condition.Column column = binder.column(item.column(), bound.relations());
                    columns.add(column);
                    TableSchema schema = bound.relations().get(column.relation()).table().schema();
                    elements.add(Element.of(item.name().text(), schema.columns().get(column.number()).type()));
                }
            }
            case Projection.Count(SqlSyntax.Name name) -> elements.add(Element.of(name.text(), Primitive.U64));
        }
        boolean counts = select.projection() instanceof Projection.Count;
        return new SqlSelect(
                plans, bound.relations().size(), select.limit().orElse(Long.MAX_VALUE), new AlgebraicType.Product(elements), columns, counts);
    }

    SqlStatement.Rows run() {
        RowListBuilder rows = new RowListBuilder();
        if (counts) {
            if (limit > 0) {
                rows.add(new BsatnWriter().writeU64(count()).toArray(), 0, 8);
            }
        } else if (limit > 0) {
            Unique unique = new Unique();
            for (JoinPlan plan : plans) {
                plan.all((tuple, times) -> {
                    if (unique.isNew(plan, tuple)) {
                        add(plan, tuple, rows);
                    }
                    return rows.count() < limit;
                });
            }
        }
        return new SqlStatement.Rows(type, rows.build());
    }

    private long count() {
        BoundSelect first = plans.getFirst().select();
        if (plans.size() == 1 && first.conditions().isEmpty() && first.relations().size() == 1) {
            return first.relations().getFirst().table().count();
        }
        long[] count = new long[1];
        Unique unique = new Unique();
        for (JoinPlan plan : plans) {
            plan.all((tuple, times) -> {
                count[0] += unique.isNew(plan, tuple) ? 1 : 0;
                return true;
            });
        }
        return count[0];
    }

    private void add(JoinPlan plan, Tuple tuple, RowListBuilder rows) {
        if (columns.isEmpty()) {
            int relation = plan.select().returned();
            rows.add(tuple.bytes[relation], tuple.at[relation], tuple.lengths[relation]);
            return;
        }
        BsatnWriter row = new BsatnWriter();
        for (Condition.Column column : columns) {
            byte[] bytes = tuple.bytes[column.relation()];
            int from = column.offset(tuple);
            row.writeRaw(bytes, from, column.layout().column(column.number()).skip(bytes, from) - from);
        }
        rows.add(row.array(), 0, row.size());
    }

    /** Filters may find the same rows in several ways: what the caller asked for counts once. */
    private final class Unique {
        private final Set<List<Integer>> seen = new HashSet<>();

        boolean isNew(JoinPlan plan, Tuple tuple) {
            if (plans.size() == 1 && plan.select().relations().size() == ofCaller) {
                return true;
            }
            List<Integer> addresses = new ArrayList<>(ofCaller);
            for (int i = 0; i < ofCaller; i++) {
                addresses.add(tuple.addresses[i]);
            }
            return seen.add(addresses);
        }
    }
}

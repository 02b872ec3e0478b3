package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.BoundSelect.Relation;
import dev.cloche.tables.SqlSyntax.ColumnName;
import dev.cloche.tables.SqlSyntax.Join;
import dev.cloche.tables.SqlSyntax.Literal;
import dev.cloche.tables.SqlSyntax.Name;
import dev.cloche.tables.SqlSyntax.Projection;
import dev.cloche.tables.SqlSyntax.Select;
import dev.cloche.tables.SqlSyntax.Source;
import dev.cloche.tables.SqlSyntax.Where;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.TypeText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what the names of one statement mean for one caller, and what of it they may see. */
final class SqlBinder {
    private static final int MOST_BRANCHES = 64;

    private final Store store;
    private final RowFilters filters;
    private final Subscriptions.Views views;
    private final SqlCaller caller;
    private final SqlLiterals literals;
    private boolean depends;

    SqlBinder(Store store, RowFilters filters, Subscriptions.Views views, SqlCaller caller) {
        this.store = store;
        this.filters = filters;
        this.views = views;
        this.caller = caller;
        this.literals = new SqlLiterals(store.schema().typespace(), caller);
    }

    /** Whether another caller, as much an owner as this one, may get other rows. */
    boolean dependsOnCaller() {
        return depends || literals.usedSender();
    }

    SqlLiterals literals() {
        return literals;
    }

    Table table(Name name, boolean everything) {
        Table table = store.named(name.text());
        if (table == null) {
            OptionalInt view = views.table(name.text(), caller);
            if (view.isPresent()) {
                depends = true;
                return store.table(view.getAsInt());
            }
        }
        if (table == null || table.schema().access() == TableSchema.Access.PRIVATE && !caller.owner() && !everything) {
            throw new SqlException("no such table: `" + name.text() + "`. If the table exists, it may be marked private.", name.position());
        }
        return table;
    }

    /**
     * Finds relations and conditions.
     *
     * @param everything whether private tables may be read, as filters may
     */
    BoundSelect bind(Select select, boolean everything) {
        List<Relation> relations = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        relations.add(relation(select.from(), relations, everything));
        for (Join join : select.joins()) {
            relations.add(relation(join.source(), relations, everything));
            conditions.add(equality(join, relations));
        }
        select.where().ifPresent(where -> addAll(where, relations, conditions));
        return new BoundSelect(relations, conditions, returned(select, relations));
    }

    private Relation relation(Source source, List<Relation> before, boolean everything) {
        Table table = table(source.table(), everything);
        String name = source.alias().text();
        if (before.stream().anyMatch(one -> one.name().equals(name))) {
            throw new SqlException("Duplicate name `" + name + "`: give one of the tables an alias.", source.alias().position());
        }
        return new Relation(table, name);
    }

    private int returned(Select select, List<Relation> relations) {
        if (select.projection() instanceof Projection.Star(var star) && star.isPresent()) {
            return relation(star.get(), relations);
        }
        if (select.projection() instanceof Projection.Star && relations.size() > 1) {
            throw new SqlException("SELECT * is not supported for joins; write `" + relations.getFirst().name() + ".*`.", select.position());
        }
        return 0;
    }

    private static int relation(Name name, List<Relation> relations) {
        for (int i = 0; i < relations.size(); i++) {
            if (relations.get(i).name().equals(name.text())) {
                return i;
            }
        }
        throw new SqlException(
                "`" + name.text() + "` is not in scope; the tables are " + String.join(", ", relations.stream().map(Relation::name).toList()) + ".",
                name.position());
    }

    Condition.Column column(ColumnName name, List<Relation> relations) {
        if (name.table().isPresent()) {
            int relation = relation(name.table().get(), relations);
            return column(relation, relations.get(relation).table(), name.column());
        }
        Condition.Column found = null;
        for (int i = 0; i < relations.size(); i++) {
            int number = number(relations.get(i).table().schema(), name.column().text());
            if (number >= 0 && found != null) {
                throw new SqlException(
                        "The column `" + name.column().text() + "` is in several tables: write its table in front of it.", name.column().position());
            }
            if (number >= 0) {
                found = new Condition.Column(i, relations.get(i).table().layout(), number);
            }
        }
        return found != null ? found : column(0, relations.getFirst().table(), name.column());
    }

    static Condition.Column column(int relation, Table table, Name name) {
        int number = number(table.schema(), name.text());
        if (number < 0) {
            List<String> names = table.schema().columns().stream().map(TableSchema.Column::name).toList();
            throw new SqlException(
                    "`" + table.schema().name() + "` does not have a field `" + name.text() + "`; it has " + String.join(", ", names) + ".",
                    name.position());
        }
        return new Condition.Column(relation, table.layout(), number);
    }

    private static int number(TableSchema table, String name) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equals(name)) {
                return i;
            }
        }
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).sourceName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private Condition equality(Join join, List<Relation> relations) {
        Condition.Column left = column(join.left(), relations);
        Condition.Column right = column(join.right(), relations);
        int newest = 1 << relations.size() - 1;
        int named = 1 << left.relation() | 1 << right.relation();
        if ((named & newest) == 0 || left.relation() == right.relation()) {
            throw new SqlException(
                    "A join compares a column of `" + relations.getLast().name() + "` with one of the tables before it.",
                    join.left().column().position());
        }
        return compare(left, Condition.Operator.EQUAL, right, join.left().column().position());
    }

    private static AlgebraicType type(Condition.Column column) {
        return column.layout().column(column.number()).type();
    }

    private static Condition compare(Condition.Column left, Condition.Operator operator, Condition.Column right, int position) {
        if (!type(left).equals(type(right))) {
            throw new SqlException(
                    "Unexpected type: (expected) " + TypeText.of(type(left)) + " != " + TypeText.of(type(right)) + " (inferred)", position);
        }
        return new Condition.WithColumn(left, operator, right);
    }

    void addAll(Where where, List<Relation> relations, List<Condition> into) {
        if (where instanceof Where.And(List<Where> parts)) {
            parts.forEach(part -> addAll(part, relations, into));
        } else {
            into.add(condition(where, relations));
        }
    }

    private Condition condition(Where where, List<Relation> relations) {
        return switch (where) {
            case Where.And(List<Where> parts) -> new Condition.All(parts.stream().map(part -> condition(part, relations)).toList());
            case Where.Or(List<Where> parts) -> new Condition.Any(parts.stream().map(part -> condition(part, relations)).toList());
            case Where.Compare compare -> compare(compare, relations);
        };
    }

    private Condition compare(Where.Compare compare, List<Relation> relations) {
        if (compare.left() instanceof ColumnName left && compare.right() instanceof ColumnName right) {
            return compare(column(left, relations), compare.operator(), column(right, relations), compare.position());
        }
        if (compare.left() instanceof ColumnName left && compare.right() instanceof Literal right) {
            return compare(column(left, relations), compare.operator(), right);
        }
        if (compare.left() instanceof Literal left && compare.right() instanceof ColumnName right) {
            return compare(column(right, relations), compare.operator().turned(), left);
        }
        throw new SqlException("A comparison needs a column on one side at least.", compare.position());
    }

    private Condition compare(Condition.Column column, Condition.Operator operator, Literal literal) {
        return new Condition.WithValue(column, operator, literals.encode(type(column), literal));
    }

    /** What of it the caller may see: a row is seen if one of these gives it. */
    List<BoundSelect> visible(BoundSelect select) {
        if (caller.owner() || filters.isEmpty()) {
            return List.of(select);
        }
        List<BoundSelect> done = new ArrayList<>();
        List<Set<Integer>> guards = new ArrayList<>();
        select.relations().forEach(relation -> guards.add(Set.of()));
        expand(select, 0, guards, done);
        return done;
    }

    private void expand(BoundSelect select, int relation, List<Set<Integer>> guards, List<BoundSelect> done) {
        if (relation == select.relations().size()) {
            if (done.size() == MOST_BRANCHES) {
                throw new SqlException("The filters of row-level security make more than " + MOST_BRANCHES + " cases of this query.", -1);
            }
            done.add(select);
            return;
        }
        Table table = select.relations().get(relation).table();
        List<Select> rules = filters.of(table.schema());
        if (rules.isEmpty()) {
            expand(select, relation + 1, guards, done);
            return;
        }
        if (guards.get(relation).contains(table.schema().id())) {
            throw new SqlException("The filters of row-level security form a circle through `" + table.schema().name() + "`.", -1);
        }
        for (Select rule : rules) {
            BoundSelect filtered = select.filtered(relation, bind(rule, true));
            if (filtered.relations().size() > BoundSelect.MOST_RELATIONS) {
                throw new SqlException("With its filters the query joins more than " + BoundSelect.MOST_RELATIONS + " tables.", -1);
            }
            List<Set<Integer>> deeper = new ArrayList<>(guards);
            Set<Integer> guard = new HashSet<>(guards.get(relation));
            guard.add(table.schema().id());
            while (deeper.size() < filtered.relations().size()) {
                deeper.add(guard);
            }
            expand(filtered, relation + 1, deeper, done);
        }
    }

    /** The columns of an index or scan of a column, for the rule that joins of subscriptions use indexes. */
    static @Nullable RowIndex indexOn(Table table, int column) {
        for (RowIndex index : table.indexes()) {
            if (index.key().column(0) == column && (index instanceof OrderedIndex || index.key().columns() == 1)) {
                return index;
            }
        }
        return null;
    }
}

package dev.cloche.schema;

import dev.cloche.schema.MigrationPlan.Loss;
import dev.cloche.schema.TableSchema.Column;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.TypeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares two schemas and writes down the steps between them. */
final class MigrationPlanner {
    private final ModuleSchema before;
    private final ModuleSchema after;
    private final TypeChange types;
    /** Removals first, then changes, then additions. */
    private final List<MigrationStep> removals = new ArrayList<>();
    private final List<MigrationStep> changes = new ArrayList<>();
    private final List<MigrationStep> additions = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<String> breaks = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    MigrationPlanner(ModuleSchema before, ModuleSchema after) {
        this.before = before;
        this.after = after;
        this.types = new TypeChange(before.database().typespace(), after.database().typespace());
    }

    MigrationPlan plan() {
        Map<String, TableSchema> old = byName(before.database().tables(), TableSchema::name);
        for (TableSchema table : after.database().tables()) {
            TableSchema was = old.remove(table.name());
            if (was == null) {
                additions.add(new MigrationStep.AddTable(table));
            } else {
                table(was, table);
            }
        }
        old.values().forEach(this::dropTable);
        views();
        functions();
        if (!before.rowFilters().equals(after.rowFilters())) {
            changes.add(new MigrationStep.ChangeRowFilters());
            breaks.add("row level security changes, so clients must subscribe anew");
        }
        List<MigrationStep> steps = new ArrayList<>(removals);
        steps.addAll(changes);
        steps.addAll(additions);
        return new MigrationPlan(steps, losses, breaks, refusals);
    }

    private void dropTable(TableSchema table) {
        removals.add(new MigrationStep.DropTable(table.id(), table.name()));
        if (!table.event()) {
            losses.add(new Loss(table.id(), table.name(), "table " + table.name() + " goes with its rows"));
        }
        if (table.access() == TableSchema.Access.PUBLIC) {
            breaks.add("table " + table.name() + " goes");
        }
    }

    private void table(TableSchema was, TableSchema now) {
        if (was.event() != now.event()) {
            refusals.add("table " + now.name() + " cannot become " + (now.event() ? "an event table" : "a table that keeps rows")
                    + "; give the new table another name");
            return;
        }
        columns(was, now);
        indexes(was, now);
        uniques(was, now);
        sequences(was, now);
        schedule(was, now);
        if (was.access() != now.access()) {
            changes.add(new MigrationStep.ChangeAccess(now.id(), now.name(), now.access()));
            if (now.access() == TableSchema.Access.PRIVATE) {
                breaks.add("table " + now.name() + " becomes private");
            }
        }
        if (!was.primaryKey().equals(now.primaryKey())) {
            changes.add(new MigrationStep.ChangePrimaryKey(now.id(), now.name()));
            breaks.add("table " + now.name() + " gets another primary key");
        }
    }

    private void columns(TableSchema was, TableSchema now) {
        int common = Math.min(was.columns().size(), now.columns().size());
        boolean extended = false;
        for (int i = 0; i < common; i++) {
            Column old = was.columns().get(i);
            Column column = now.columns().get(i);
            if (!old.name().equals(column.name())) {
                refusals.add("column " + was.name() + "." + old.name() + " cannot be removed, renamed or moved (there is " + column.name()
                        + " in its place); add new columns at the end");
                return;
            }
            switch (types.kind(old.type(), column.type())) {
                case SAME -> {}
                case EXTENDED -> {
                    extended = true;
                    breaks.add("column " + was.name() + "." + old.name() + " has further variants");
                }
                case OTHER -> refusals.add("column " + was.name() + "." + old.name() + " cannot change its type from " + TypeText.of(old.type()) + " to "
                        + TypeText.of(column.type()) + "; add a new column at the end");
            }
        }
        if (was.columns().size() > common) {
            refusals.add("column " + was.name() + "." + was.columns().get(common).name() + " cannot be removed; keep it, or move the data to a new table");
            return;
        }
        if (extended) {
            changes.add(new MigrationStep.ChangeColumns(now.id(), now.name()));
        }
        addedColumns(now, now.columns().subList(common, now.columns().size()));
    }

    private void addedColumns(TableSchema now, List<Column> added) {
        for (Column column : added) {
            if (column.defaultValue().isEmpty()) {
                refusals.add("column " + now.name() + "." + column.name() + " is new and needs a default value for the rows that exist");
            }
        }
        if (!added.isEmpty()) {
            changes.add(new MigrationStep.AddColumns(now.id(), now.name(), added));
            breaks.add("table " + now.name() + " gets the columns " + added.stream().map(Column::name).collect(Collectors.joining(", ")));
        }
    }

    private void indexes(TableSchema was, TableSchema now) {
        Map<String, TableSchema.Index> old = byName(was.indexes(), TableSchema.Index::name);
        for (TableSchema.Index index : now.indexes()) {
            TableSchema.Index had = old.get(index.name());
            if (had != null && had.algorithm() == index.algorithm() && had.columns().equals(index.columns())) {
                old.remove(index.name());
            } else {
                additions.add(new MigrationStep.AddIndex(now.id(), now.name(), index));
            }
        }
        old.values().forEach(gone -> removals.add(new MigrationStep.DropIndex(was.id(), was.name(), gone.id(), gone.name())));
    }

    private void uniques(TableSchema was, TableSchema now) {
        Map<List<Integer>, TableSchema.Unique> old = byName(was.uniques(), TableSchema.Unique::columns);
        for (TableSchema.Unique unique : now.uniques()) {
            if (old.remove(unique.columns()) == null) {
                refusals.add("table " + now.name() + " cannot get the unique constraint " + unique.name() + ", because its rows may break it; use a new table");
            }
        }
        old.values().forEach(gone -> removals.add(new MigrationStep.DropUnique(was.id(), was.name(), gone.name())));
    }

    private void sequences(TableSchema was, TableSchema now) {
        Map<Integer, TableSchema.Sequence> old = byName(was.sequences(), TableSchema.Sequence::column);
        for (TableSchema.Sequence sequence : now.sequences()) {
            TableSchema.Sequence had = old.get(sequence.column());
            if (had != null && had.equals(sequence)) {
                old.remove(sequence.column());
            } else {
                additions.add(new MigrationStep.AddSequence(now.id(), now.name(), sequence));
            }
        }
        old.values().forEach(gone -> removals.add(new MigrationStep.DropSequence(was.id(), was.name(), gone.name())));
    }

    private void schedule(TableSchema was, TableSchema now) {
        if (was.schedule().equals(now.schedule())) {
            return;
        }
        was.schedule().ifPresent(_ -> removals.add(new MigrationStep.DropSchedule(was.id(), was.name())));
        now.schedule().ifPresent(added -> additions.add(new MigrationStep.AddSchedule(now.id(), now.name(), added)));
    }

    private void views() {
        Map<String, ModuleSchema.View> old = byName(before.views(), ModuleSchema.View::name);
        for (ModuleSchema.View view : after.views()) {
            ModuleSchema.View was = old.get(view.name());
            if (was == null) {
                additions.add(new MigrationStep.AddView(view));
            } else if (types.kind(was.row(), view.row()) == TypeChange.Kind.SAME && was.primaryKey().equals(view.primaryKey()) && was.anonymous() == view.anonymous()) {
                old.remove(view.name());
            } else {
                additions.add(new MigrationStep.AddView(view));
            }
        }
        for (ModuleSchema.View gone : old.values()) {
            removals.add(new MigrationStep.DropView(gone.tableId(), gone.name()));
            breaks.add("view " + gone.name() + " goes or changes");
        }
    }

    private void functions() {
        Map<String, ModuleSchema.Reducer> reducers = byName(after.reducers(), ModuleSchema.Reducer::name);
        for (ModuleSchema.Reducer was : before.reducers()) {
            if (was.callable()) {
                function("reducer " + was.name(), was.parameters(), Optional.ofNullable(reducers.get(was.name())).filter(ModuleSchema.Reducer::callable).map(ModuleSchema.Reducer::parameters));
            }
        }
        Map<String, ModuleSchema.Procedure> procedures = byName(after.procedures(), ModuleSchema.Procedure::name);
        for (ModuleSchema.Procedure was : before.procedures()) {
            ModuleSchema.Procedure now = procedures.get(was.name());
            if (was.callable()) {
                function("procedure " + was.name(), was.parameters(), Optional.ofNullable(now).filter(ModuleSchema.Procedure::callable).map(ModuleSchema.Procedure::parameters));
                if (now != null && types.kind(was.result(), now.result()) != TypeChange.Kind.SAME) {
                    breaks.add("procedure " + was.name() + " returns another type");
                }
            }
        }
    }

    private void function(String what, Product was, Optional<Product> now) {
        if (now.isEmpty()) {
            breaks.add(what + " goes");
        } else if (types.kind(was, now.get()) != TypeChange.Kind.SAME) {
            breaks.add(what + " takes other parameters");
        }
    }

    private static <K, T> Map<K, T> byName(List<T> all, Function<T, K> name) {
        Map<K, T> map = new HashMap<>();
        all.forEach(one -> map.putIfAbsent(name.apply(one), one));
        return map;
    }
}

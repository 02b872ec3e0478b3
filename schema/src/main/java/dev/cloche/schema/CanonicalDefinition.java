package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.Constraint;
import dev.cloche.schema.ModuleDefinition.Index;
import dev.cloche.schema.ModuleDefinition.Procedure;
import dev.cloche.schema.ModuleDefinition.Reducer;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Sequence;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.schema.ModuleDefinition.View;
import dev.cloche.schema.ModuleDefinition.ViewKey;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A definition with final names: canonical ones everywhere, and a name for each index, constraint, sequence and schedule
 * (facts, specification D). Order and number of everything stay, also where the definition is wrong.
 */
final class CanonicalDefinition {
    private final ModuleDefinition module;
    private final CanonicalNames names;
    private final Map<String, String> tableNames = new HashMap<>();

    private CanonicalDefinition(ModuleDefinition module) {
        this.module = module;
        this.names = new CanonicalNames(module);
    }

    static ModuleDefinition of(ModuleDefinition module) {
        return new CanonicalDefinition(module).build();
    }

    private ModuleDefinition build() {
        List<Table> tables = new ArrayList<>();
        for (Table table : module.tables()) {
            tableNames.put(table.name(), names.table(table.name()));
            tables.add(table(table));
        }
        return new ModuleDefinition(
                module.version(),
                names.typespace(module.typespace()),
                module.types(),
                tables,
                module.reducers().stream().map(this::reducer).toList(),
                module.procedures().stream().map(this::procedure).toList(),
                module.views().stream().map(this::view).toList(),
                module.schedules().stream().map(this::schedule).toList(),
                module.lifecycles().stream().map(one -> new ModuleDefinition.Lifecycle(one.moment(), names.function(one.function()))).toList(),
                module.rowFilters(),
                false,
                List.of(),
                module.httpHandlers().stream().map(names::function).toList(),
                module.httpRoutes().stream().map(one -> new ModuleDefinition.HttpRoute(names.function(one.handler()), one.method(), one.path())).toList(),
                module.viewKeys().stream().map(this::viewKey).toList(),
                module.submodules());
    }

    private Table table(Table table) {
        String name = names.table(table.name());
        List<String> source = columnNames(table);
        List<String> columns = source.stream().map(names::plain).toList();
        List<Index> indexes = new ArrayList<>();
        for (Index index : table.indexes()) {
            String canonical = indexName(name, columns, index);
            String written = index.name().orElse(canonical);
            boolean usual = written.equals(indexName(table.name(), source, index)) && !names.isExplicitIndex(written);
            indexes.add(new Index(
                    Optional.of(usual || index.name().isEmpty() ? canonical : names.index(written)),
                    index.accessor(), index.algorithm(), index.columns()));
        }
        List<Constraint> constraints = new ArrayList<>();
        for (Constraint constraint : table.constraints()) {
            String usual = name + "_" + joined(columns, constraint.columns()) + "_key";
            constraints.add(new Constraint(Optional.of(constraint.name().map(names::plain).orElse(usual)), constraint.columns()));
        }
        List<Sequence> sequences = new ArrayList<>();
        for (Sequence one : table.sequences()) {
            String usual = name + "_" + joined(columns, List.of(one.column())) + "_seq";
            sequences.add(new Sequence(
                    Optional.of(one.name().map(names::plain).orElse(usual)), one.column(), one.start(), one.minimum(), one.maximum(), one.increment()));
        }
        return new Table(
                name, table.typeRef(), table.primaryKey(), indexes, constraints, sequences, table.system(), table.access(), table.defaults(), table.event());
    }

    private static String indexName(String table, List<String> columns, Index index) {
        return table + "_" + joined(columns, index.columns()) + "_idx_" + index.algorithm().name().toLowerCase(Locale.ROOT);
    }

    private static String joined(List<String> names, List<Integer> columns) {
        return String.join("_", columns.stream().map(one -> one < names.size() ? names.get(one) : Integer.toString(one)).toList());
    }

    private List<String> columnNames(Table table) {
        List<AlgebraicType> types = module.typespace().types();
        if (table.typeRef() < 0 || table.typeRef() >= types.size() || !(types.get(table.typeRef()) instanceof Product product)) {
            return List.of();
        }
        return product.elements().stream().map(Element::name).map(name -> name.orElse("")).toList();
    }

    private Reducer reducer(Reducer one) {
        return new Reducer(names.function(one.name()), names.product(one.parameters()), one.callable(), names.type(one.ok()), names.type(one.err()));
    }

    private Procedure procedure(Procedure one) {
        return new Procedure(names.function(one.name()), names.product(one.parameters()), names.type(one.result()), one.callable());
    }

    private View view(View one) {
        return new View(
                names.function(one.name()), one.index(), one.open(), one.anonymous(), names.product(one.parameters()), names.type(one.result()));
    }

    private Schedule schedule(Schedule one) {
        String table = tableNames.getOrDefault(one.table(), names.table(one.table()));
        return new Schedule(Optional.of(one.name().map(names::plain).orElse(table + "_sched")), table, one.column(), names.function(one.function()));
    }

    private ViewKey viewKey(ViewKey one) {
        return new ViewKey(names.function(one.view()), one.columns().stream().map(names::plain).toList());
    }
}

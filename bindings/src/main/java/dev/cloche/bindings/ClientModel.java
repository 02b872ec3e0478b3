package dev.cloche.bindings;

import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.SchemaResolver;
import dev.cloche.schema.TableSchema;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client sees of a module, with canonical names.
 *
 * @param typespace where references lead
 * @param typeNames names that the author gave, by place in the typespace
 * @param tables public ones, and views
 * @param reducers that clients may call
 * @param procedures that clients may call
 */
record ClientModel(Typespace typespace, Map<Integer, String> typeNames, List<Table> tables, List<Function> reducers, List<Function> procedures) {
    /** A table or view; {@code uniques} and {@code indexes} name columns by their place. */
    record Table(String name, Optional<Integer> typeRef, List<Element> columns, List<Integer> primaryKey, List<Unique> uniques, List<Index> indexes, boolean event) {
        /** Whether this column alone is unique, the primary key included. */
        boolean isUnique(int column) {
            return uniques.stream().anyMatch(one -> one.columns().equals(List.of(column)));
        }
    }

    /** Columns that are unique together. */
    record Unique(String name, List<Integer> columns) {}

    /** An index and how code asks for it. */
    record Index(String name, String accessor, List<Integer> columns) {}

    /** A reducer or procedure; reducers return nothing. */
    record Function(String name, Product parameters, AlgebraicType result) {}

    static ClientModel of(ModuleDefinition definition) {
        ModuleSchema schema = SchemaResolver.resolve(definition, Optional.empty());
        Map<Integer, String> names = new HashMap<>();
        definition.types().forEach(type -> names.put(type.type(), Names.pascal(String.join("_", type.scope()) + "_" + type.name())));
        List<ModuleDefinition.Table> declared = definition.canonical().tables();
        List<Table> tables = new ArrayList<>();
        for (TableSchema table : schema.database().tables()) {
            if (table.access() == TableSchema.Access.PUBLIC) {
                tables.add(table(table, declared.stream().filter(one -> one.name().equals(table.name())).findFirst().orElseThrow()));
            }
        }
        schema.views().forEach(view -> tables.add(view(view)));
        List<Function> reducers = schema.reducers().stream().filter(ModuleSchema.Reducer::callable)
                .map(one -> new Function(one.name(), one.parameters(), one.ok())).toList();
        List<Function> procedures = schema.procedures().stream().filter(ModuleSchema.Procedure::callable)
                .map(one -> new Function(one.name(), one.parameters(), one.result())).toList();
        return new ClientModel(schema.database().typespace(), names, tables, reducers, procedures);
    }

    private static Table table(TableSchema table, ModuleDefinition.Table declared) {
        List<Element> columns = table.columns().stream().map(column -> Element.of(column.name(), column.type())).toList();
        List<Index> indexes = new ArrayList<>();
        for (ModuleDefinition.Index index : declared.indexes()) {
            String usual = String.join("_", index.columns().stream().map(one -> columns.get(one).name().orElseThrow()).toList());
            indexes.add(new Index(index.name().orElseThrow(), index.accessor().orElse(usual), index.columns()));
        }
        List<Unique> uniques = table.uniques().stream().map(one -> new Unique(one.name(), one.columns())).toList();
        List<Integer> key = table.primaryKey().isPresent() ? List.of(table.primaryKey().getAsInt()) : List.of();
        return new Table(table.name(), Optional.of(table.typeRef()), columns, key, uniques, indexes, table.event());
    }

    private static Table view(ModuleSchema.View view) {
        List<Integer> key = view.primaryKey().size() == 1 ? view.primaryKey() : List.of();
        return new Table(view.name(), Optional.empty(), view.row().elements(), key, List.of(), List.of(), false);
    }
}

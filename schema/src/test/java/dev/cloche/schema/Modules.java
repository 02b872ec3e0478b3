package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.Constraint;
import dev.cloche.schema.ModuleDefinition.DefaultValue;
import dev.cloche.schema.ModuleDefinition.Index;
import dev.cloche.schema.ModuleDefinition.Lifecycle;
import dev.cloche.schema.ModuleDefinition.Reducer;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Sequence;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.Bytes;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds definitions for tests; everything is public and may be wrong. */
final class Modules {
    final List<AlgebraicType> types = new ArrayList<>();
    final List<Table> tables = new ArrayList<>();
    final List<Reducer> reducers = new ArrayList<>();
    final List<Schedule> schedules = new ArrayList<>();
    final List<Lifecycle> lifecycles = new ArrayList<>();
    final List<String> rowFilters = new ArrayList<>();

    /** A table under construction. */
    final class Draft {
        private final String name;
        private final int ref;
        private final List<Integer> key = new ArrayList<>();
        private final List<Index> indexes = new ArrayList<>();
        private final List<Constraint> constraints = new ArrayList<>();
        private final List<Sequence> sequences = new ArrayList<>();
        private final List<DefaultValue> defaults = new ArrayList<>();
        private TableSchema.Access access = TableSchema.Access.PUBLIC;
        private boolean event;

        private Draft(String name, int ref) {
            this.name = name;
            this.ref = ref;
        }

        Draft key(int column) {
            key.add(column);
            return unique(column).index(TableSchema.Algorithm.BTREE, column);
        }

        Draft keyOnly(int column) {
            key.add(column);
            return this;
        }

        Draft unique(Integer... columns) {
            constraints.add(new Constraint(Optional.empty(), List.of(columns)));
            return this;
        }

        Draft index(TableSchema.Algorithm algorithm, Integer... columns) {
            indexes.add(new Index(Optional.empty(), Optional.empty(), algorithm, List.of(columns)));
            return this;
        }

        Draft sequence(int column) {
            sequences.add(new Sequence(Optional.empty(), column, Optional.empty(), Optional.empty(), Optional.empty(), BigInteger.ONE));
            return this;
        }

        Draft withDefault(int column, int... bytes) {
            byte[] value = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                value[i] = (byte) bytes[i];
            }
            defaults.add(new DefaultValue(column, Bytes.copyOf(value)));
            return this;
        }

        Draft hidden() {
            access = TableSchema.Access.PRIVATE;
            return this;
        }

        Draft event() {
            event = true;
            return this;
        }

        Modules done() {
            tables.add(new Table(name, ref, key, indexes, constraints, sequences, false, access, defaults, event));
            return Modules.this;
        }
    }

    Draft table(String name, Object... columns) {
        types.add(product(columns));
        return new Draft(name, types.size() - 1);
    }

    Draft tableOf(String name, int ref) {
        return new Draft(name, ref);
    }

    Modules reducer(String name, Object... parameters) {
        reducers.add(new Reducer(name, product(parameters), true, Product.UNIT, Primitive.STRING));
        return this;
    }

    ModuleDefinition build() {
        return new ModuleDefinition(
                10, new Typespace(types), List.of(), tables, reducers, List.of(), List.of(), schedules, lifecycles, rowFilters, true, List.of(), List.of(),
                List.of(), List.of(), List.of());
    }

    ModuleSchema schema() {
        return SchemaResolver.resolve(build(), Optional.empty());
    }

    ModuleSchema after(ModuleSchema before) {
        return SchemaResolver.resolve(build(), Optional.of(before));
    }

    static Product product(Object... namesAndTypes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            elements.add(Element.of((String) namesAndTypes[i], (AlgebraicType) namesAndTypes[i + 1]));
        }
        return new Product(elements);
    }
}

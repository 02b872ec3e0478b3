package dev.cloche.schema;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a module says about itself ({@code RawModuleDef}; facts, specification D; observed, section 1), as it says it: names
 * are the author's, nothing is checked yet. Both versions in one shape, that of version 10.
 *
 * @param snakeCase whether names without an explicit one become snake_case; never for version 9, which brings final names
 */
public record ModuleDefinition(
        int version,
        Typespace typespace,
        List<TypeName> types,
        List<Table> tables,
        List<Reducer> reducers,
        List<Procedure> procedures,
        List<View> views,
        List<Schedule> schedules,
        List<Lifecycle> lifecycles,
        List<String> rowFilters,
        boolean snakeCase,
        List<ExplicitName> explicitNames,
        List<String> httpHandlers,
        List<HttpRoute> httpRoutes,
        List<ViewKey> viewKeys,
        List<Submodule> submodules) {
    /** More bytes are refused. */
    public static final int LARGEST = 16 * 1024 * 1024;

    /** Copies the lists. */
    public ModuleDefinition {
        types = List.copyOf(types);
        tables = List.copyOf(tables);
        reducers = List.copyOf(reducers);
        procedures = List.copyOf(procedures);
        views = List.copyOf(views);
        schedules = List.copyOf(schedules);
        lifecycles = List.copyOf(lifecycles);
        rowFilters = List.copyOf(rowFilters);
        explicitNames = List.copyOf(explicitNames);
        httpHandlers = List.copyOf(httpHandlers);
        httpRoutes = List.copyOf(httpRoutes);
        viewKeys = List.copyOf(viewKeys);
        submodules = List.copyOf(submodules);
    }

    /**
     * Reads what {@code __describe_module__} wrote: the tag of the version, then the definition.
     *
     * @throws dev.cloche.values.BsatnException if it is no definition of version 9 or 10
     */
    public static ModuleDefinition decode(byte[] bytes) {
        return DefinitionReader.read(bytes);
    }

    /** The binary form of version 10 with its tag; sections in the order of their tags, empty ones left out. */
    public byte[] encode() {
        BsatnWriter out = new BsatnWriter(4096, LARGEST);
        DefinitionWriter.writeTagged(this, out);
        return out.toArray();
    }

    /** The same with final names: canonical ones everywhere, and a name for each index, constraint, sequence and schedule. */
    public ModuleDefinition canonical() {
        return CanonicalDefinition.of(this);
    }

    /** A type with a name, for bindings; {@code scope} are the names around it. */
    public record TypeName(List<String> scope, String name, int type, boolean customOrdering) {
        /** Copies the scope. */
        public TypeName {
            scope = List.copyOf(scope);
        }
    }

    /** A table as declared; {@code primaryKey} holds at most one column if it is right. */
    public record Table(
            String name,
            int typeRef,
            List<Integer> primaryKey,
            List<Index> indexes,
            List<Constraint> constraints,
            List<Sequence> sequences,
            boolean system,
            TableSchema.Access access,
            List<DefaultValue> defaults,
            boolean event) {
        /** Copies the lists. */
        public Table {
            primaryKey = List.copyOf(primaryKey);
            indexes = List.copyOf(indexes);
            constraints = List.copyOf(constraints);
            sequences = List.copyOf(sequences);
            defaults = List.copyOf(defaults);
        }
    }

    /** An index as declared. */
    public record Index(Optional<String> name, Optional<String> accessor, TableSchema.Algorithm algorithm, List<Integer> columns) {
        /** Copies the columns. */
        public Index {
            columns = List.copyOf(columns);
        }
    }

    /** A unique constraint as declared. */
    public record Constraint(Optional<String> name, List<Integer> columns) {
        /** Copies the columns. */
        public Constraint {
            columns = List.copyOf(columns);
        }
    }

    /** A sequence as declared. */
    public record Sequence(
            Optional<String> name, int column, Optional<BigInteger> start, Optional<BigInteger> minimum, Optional<BigInteger> maximum, BigInteger increment) {}

    /** The value of a column in rows that are older than it; BSATN. */
    public record DefaultValue(int column, Bytes value) {}

    /** A reducer as declared; its place in the list is its number. */
    public record Reducer(String name, Product parameters, boolean callable, AlgebraicType ok, AlgebraicType err) {}

    /** A procedure as declared; its place in the list is its number. */
    public record Procedure(String name, Product parameters, AlgebraicType result, boolean callable) {}

    /** A view as declared; {@code index} counts views with and without a sender apart. */
    public record View(String name, int index, boolean open, boolean anonymous, Product parameters, AlgebraicType result) {}

    /** A table's rows are appointments for a function. */
    public record Schedule(Optional<String> name, String table, int column, String function) {}

    /** A reducer that the database calls itself. */
    public record Lifecycle(ModuleSchema.Lifecycle moment, String function) {}

    /** A canonical name that the author chose. */
    public record ExplicitName(Kind kind, String source, String canonical) {
        /** What is named. */
        public enum Kind {
            /** A table. */
            TABLE,
            /** A reducer, procedure or view. */
            FUNCTION,
            /** An index. */
            INDEX
        }
    }

    /** An HTTP route; {@code method} is empty for any. */
    public record HttpRoute(String handler, Optional<String> method, String path) {}

    /** The columns that make a view's row the same row after a change. */
    public record ViewKey(String view, List<String> columns) {
        /** Copies the columns. */
        public ViewKey {
            columns = List.copyOf(columns);
        }
    }

    /** A definition inside a definition; {@code body} is BSATN of version 10 without tag. */
    public record Submodule(String namespace, Bytes body) {}

    /** The only column of the primary key, if there is exactly one. */
    static OptionalInt single(List<Integer> columns) {
        return columns.size() == 1 ? OptionalInt.of(columns.getFirst()) : OptionalInt.empty();
    }

    /** An empty definition of version 10, for building on. */
    static ModuleDefinition empty() {
        return DefinitionReader.readTen(new BsatnReader(new byte[4]));
    }
}

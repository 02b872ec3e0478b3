package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.Constraint;
import dev.cloche.schema.ModuleDefinition.DefaultValue;
import dev.cloche.schema.ModuleDefinition.ExplicitName;
import dev.cloche.schema.ModuleDefinition.HttpRoute;
import dev.cloche.schema.ModuleDefinition.Index;
import dev.cloche.schema.ModuleDefinition.Lifecycle;
import dev.cloche.schema.ModuleDefinition.Procedure;
import dev.cloche.schema.ModuleDefinition.Reducer;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Sequence;
import dev.cloche.schema.ModuleDefinition.Submodule;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.schema.ModuleDefinition.TypeName;
import dev.cloche.schema.ModuleDefinition.View;
import dev.cloche.schema.ModuleDefinition.ViewKey;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.Bytes;
import dev.cloche.values.MetaTypes;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads definitions of versions 9 and 10. The bytes are checked against the type of definitions first. */
final class DefinitionReader {
    private Typespace typespace = Typespace.EMPTY;
    private List<TypeName> types = List.of();
    private List<Table> tables = List.of();
    private List<Reducer> reducers = List.of();
    private List<Procedure> procedures = new ArrayList<>();
    private List<View> views = new ArrayList<>();
    private List<Schedule> schedules = new ArrayList<>();
    private List<Lifecycle> lifecycles = new ArrayList<>();
    private List<String> rowFilters = List.of();
    private boolean snakeCase = true;
    private List<ExplicitName> explicitNames = List.of();
    private List<String> httpHandlers = List.of();
    private List<HttpRoute> httpRoutes = List.of();
    private List<ViewKey> viewKeys = List.of();
    private List<Submodule> submodules = List.of();

    private DefinitionReader() {}

    static ModuleDefinition read(byte[] bytes) {
        if (bytes.length > ModuleDefinition.LARGEST) {
            throw new BsatnException(0, "RawModuleDef has at most " + ModuleDefinition.LARGEST + " bytes, not " + bytes.length);
        }
        BsatnReader in = new BsatnReader(bytes);
        int version = in.readTag(3, "RawModuleDef");
        if (version == 0) {
            throw new BsatnException(0, "RawModuleDef of version 8 is not supported; build the module with a library from 1.0 on");
        }
        int start = in.skip(version == 1 ? DefinitionTypes.NINE : DefinitionTypes.TEN);
        in.end();
        in.position(start);
        return version == 1 ? readNine(in) : readTen(in);
    }

    static ModuleDefinition readTen(BsatnReader in) {
        DefinitionReader reader = new DefinitionReader();
        list(in, section -> {
            reader.section(section);
            return section.position();
        });
        return reader.build(10);
    }

    private static ModuleDefinition readNine(BsatnReader in) {
        DefinitionReader reader = new DefinitionReader();
        reader.typespace = new Typespace(list(in, MetaTypes::read));
        reader.tables = list(in, reader::tableNine);
        reader.reducers = list(in, reader::reducerNine);
        reader.types = list(in, DefinitionReader::typeName);
        list(in, export -> {
            reader.export(export);
            return export.position();
        });
        reader.rowFilters = list(in, BsatnReader::readString);
        reader.snakeCase = false;
        return reader.build(9);
    }

    private ModuleDefinition build(int version) {
        return new ModuleDefinition(
                version, typespace, types, tables, reducers, procedures, views, schedules, lifecycles, rowFilters, snakeCase, explicitNames, httpHandlers,
                httpRoutes, viewKeys, submodules);
    }

    private void section(BsatnReader in) {
        switch (in.readU8()) {
            case 0 -> typespace = new Typespace(list(in, MetaTypes::read));
            case 1 -> types = list(in, DefinitionReader::typeName);
            case 2 -> tables = list(in, DefinitionReader::table);
            case 3 -> reducers = list(in, DefinitionReader::reducer);
            case 4 -> procedures = list(in, DefinitionReader::procedure);
            case 5 -> views = list(in, DefinitionReader::view);
            case 6 -> schedules = list(in, one -> new Schedule(MetaTypes.readOptionalString(one), one.readString(), one.readU16(), one.readString()));
            case 7 -> lifecycles = list(in, one -> new Lifecycle(moment(one), one.readString()));
            case 8 -> rowFilters = list(in, BsatnReader::readString);
            case 9 -> snakeCase = in.readU8() == 1;
            case 10 -> explicitNames =
                    list(in, one -> new ExplicitName(ExplicitName.Kind.values()[one.readU8()], one.readString(), one.readString()));
            case 11 -> httpHandlers = list(in, BsatnReader::readString);
            case 12 -> httpRoutes = list(in, one -> new HttpRoute(one.readString(), method(one), one.readString()));
            case 13 -> viewKeys = list(in, one -> new ViewKey(one.readString(), list(one, BsatnReader::readString)));
            default -> submodules = list(in, DefinitionReader::submodule);
        }
    }

    private static Submodule submodule(BsatnReader in) {
        String namespace = in.readString();
        int from = in.skip(DefinitionTypes.TEN);
        int end = in.position();
        in.position(from);
        return new Submodule(namespace, Bytes.copyOf(in.readRaw(end - from)));
    }

    private static TypeName typeName(BsatnReader in) {
        return new TypeName(list(in, BsatnReader::readString), in.readString(), in.readI32(), in.readBool());
    }

    private static Table table(BsatnReader in) {
        return new Table(
                in.readString(), in.readI32(), columns(in), list(in, DefinitionReader::index), list(in, DefinitionReader::constraint),
                list(in, DefinitionReader::sequence), in.readU8() == 0, access(in),
                list(in, one -> new DefaultValue(one.readU16(), Bytes.copyOf(one.readBytes()))), in.readBool());
    }

    private Table tableNine(BsatnReader in) {
        String name = in.readString();
        int typeRef = in.readI32();
        List<Integer> key = columns(in);
        List<Index> indexes = list(in, DefinitionReader::index);
        List<Constraint> constraints = list(in, DefinitionReader::constraint);
        List<Sequence> sequences = list(in, DefinitionReader::sequence);
        if (present(in)) {
            Optional<String> schedule = MetaTypes.readOptionalString(in);
            String function = in.readString();
            schedules.add(new Schedule(schedule, name, in.readU16(), function));
        }
        return new Table(name, typeRef, key, indexes, constraints, sequences, in.readU8() == 0, access(in), List.of(), false);
    }

    private static Index index(BsatnReader in) {
        Optional<String> name = MetaTypes.readOptionalString(in);
        Optional<String> accessor = MetaTypes.readOptionalString(in);
        TableSchema.Algorithm algorithm = TableSchema.Algorithm.values()[in.readU8()];
        List<Integer> columns = algorithm == TableSchema.Algorithm.DIRECT ? List.of(in.readU16()) : columns(in);
        return new Index(name, accessor, algorithm, columns);
    }

    private static Constraint constraint(BsatnReader in) {
        Optional<String> name = MetaTypes.readOptionalString(in);
        in.readU8(); // the only kind is unique
        return new Constraint(name, columns(in));
    }

    private static Sequence sequence(BsatnReader in) {
        return new Sequence(
                MetaTypes.readOptionalString(in), in.readU16(), number(in), number(in), number(in), in.readInteger(Primitive.I128));
    }

    private static Optional<BigInteger> number(BsatnReader in) {
        return present(in) ? Optional.of(in.readInteger(Primitive.I128)) : Optional.empty();
    }

    private static Reducer reducer(BsatnReader in) {
        return new Reducer(in.readString(), MetaTypes.readProduct(in), in.readU8() == 1, MetaTypes.read(in), MetaTypes.read(in));
    }

    private Reducer reducerNine(BsatnReader in) {
        String name = in.readString();
        Product parameters = MetaTypes.readProduct(in);
        boolean called = present(in);
        if (called) {
            lifecycles.add(new Lifecycle(moment(in), name));
        }
        return new Reducer(name, parameters, !called, Product.UNIT, Primitive.STRING);
    }

    private static Procedure procedure(BsatnReader in) {
        return new Procedure(in.readString(), MetaTypes.readProduct(in), MetaTypes.read(in), in.readU8() == 1);
    }

    private static View view(BsatnReader in) {
        return new View(in.readString(), in.readI32(), in.readBool(), in.readBool(), MetaTypes.readProduct(in), MetaTypes.read(in));
    }

    private void export(BsatnReader in) {
        switch (in.readU8()) {
            case 0 -> addDefault(in.readString(), new DefaultValue(in.readU16(), Bytes.copyOf(in.readBytes())));
            case 1 -> {
                String name = in.readString();
                Product parameters = MetaTypes.readProduct(in);
                AlgebraicType result = MetaTypes.read(in);
                procedures.add(new Procedure(name, parameters, result, true));
            }
            default -> views.add(view(in));
        }
    }

    /** In version 9 the defaults follow the tables; one for a table that is not there is refused. */
    private void addDefault(String name, DefaultValue value) {
        List<Table> changed = new ArrayList<>();
        boolean found = false;
        for (Table table : tables) {
            boolean meant = table.name().equals(name);
            found |= meant;
            changed.add(meant ? withDefault(table, value) : table);
        }
        if (!found) {
            throw new BsatnException(0, "ColumnDefaultValue is for the table " + name + ", which is not there");
        }
        tables = changed;
    }

    private static Table withDefault(Table table, DefaultValue value) {
        List<DefaultValue> defaults = new ArrayList<>(table.defaults());
        defaults.add(value);
        return new Table(
                table.name(), table.typeRef(), table.primaryKey(), table.indexes(), table.constraints(), table.sequences(), table.system(), table.access(),
                defaults, table.event());
    }

    private static Optional<String> method(BsatnReader in) {
        if (in.readU8() == 0) {
            return Optional.empty();
        }
        int tag = in.readU8();
        return Optional.of(tag < DefinitionTypes.METHODS.size() ? DefinitionTypes.METHODS.get(tag) : in.readString());
    }

    private static ModuleSchema.Lifecycle moment(BsatnReader in) {
        return ModuleSchema.Lifecycle.values()[in.readU8()];
    }

    private static TableSchema.Access access(BsatnReader in) {
        return TableSchema.Access.values()[in.readU8()];
    }

    private static List<Integer> columns(BsatnReader in) {
        return list(in, BsatnReader::readU16);
    }

    private static boolean present(BsatnReader in) {
        return in.readU8() == 0;
    }

    private static <T> List<T> list(BsatnReader in, Function<BsatnReader, T> one) {
        int count = in.readCount(1);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(one.apply(in));
        }
        return list;
    }
}

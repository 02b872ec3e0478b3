package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.DefaultValue;
import dev.cloche.schema.ModuleDefinition.HttpRoute;
import dev.cloche.schema.ModuleDefinition.Index;
import dev.cloche.schema.ModuleDefinition.Lifecycle;
import dev.cloche.schema.ModuleDefinition.Procedure;
import dev.cloche.schema.ModuleDefinition.Reducer;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Sequence;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.schema.ModuleDefinition.TypeName;
import dev.cloche.schema.ModuleDefinition.View;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.MetaTypes;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes definitions of versions 9 and 10. */
final class DefinitionWriter {
    private DefinitionWriter() {}

    static void writeTagged(ModuleDefinition module, BsatnWriter out) {
        writeTen(module, out.writeU8(2));
    }

    static void writeTen(ModuleDefinition module, BsatnWriter out) {
        int place = out.reserveU32();
        Sections sections = new Sections(out);
        sections.list(0, module.typespace().types(), MetaTypes::write);
        sections.list(1, module.types(), DefinitionWriter::typeName);
        sections.list(2, module.tables(), DefinitionWriter::table);
        sections.list(3, module.reducers(), DefinitionWriter::reducer);
        sections.list(4, module.procedures(), DefinitionWriter::procedure);
        sections.list(5, module.views(), DefinitionWriter::view);
        sections.list(6, module.schedules(), DefinitionWriter::schedule);
        sections.list(7, module.lifecycles(), (one, to) -> to.writeU8(one.moment().ordinal()).writeString(one.function()));
        sections.list(8, module.rowFilters(), (one, to) -> to.writeString(one));
        if (!module.snakeCase()) {
            sections.begin(9);
            out.writeU8(0);
        }
        sections.list(10, module.explicitNames(), (one, to) -> to.writeU8(one.kind().ordinal()).writeString(one.source()).writeString(one.canonical()));
        sections.list(11, module.httpHandlers(), (one, to) -> to.writeString(one));
        sections.list(12, module.httpRoutes(), DefinitionWriter::route);
        sections.list(13, module.viewKeys(), (one, to) -> {
            to.writeString(one.view());
            list(one.columns(), to, (column, text) -> text.writeString(column));
        });
        sections.list(14, module.submodules(), (one, to) -> one.body().writeTo(to.writeString(one.namespace())));
        out.setU32(place, sections.count);
    }

    private static final class Sections {
        private final BsatnWriter out;
        private int count;

        Sections(BsatnWriter out) {
            this.out = out;
        }

        void begin(int tag) {
            out.writeU8(tag);
            count++;
        }

        <T> void list(int tag, List<T> all, BiConsumer<T, BsatnWriter> one) {
            if (!all.isEmpty()) {
                begin(tag);
                DefinitionWriter.list(all, out, one);
            }
        }
    }

    /** Without tag. The names must be final ones: version 9 has no rule for making them. */
    static void writeNine(ModuleDefinition module, BsatnWriter out) {
        typespace(module.typespace(), out);
        list(module.tables(), out, (one, to) -> tableNine(module, one, to));
        list(module.reducers(), out, (one, to) -> reducerNine(module, one, to));
        list(module.types(), out, DefinitionWriter::typeName);
        int exports = out.reserveU32();
        int count = module.procedures().size() + module.views().size();
        for (Table table : module.tables()) {
            for (DefaultValue value : table.defaults()) {
                out.writeU8(0).writeString(table.name());
                defaultValue(value, out);
                count++;
            }
        }
        for (Procedure procedure : module.procedures()) {
            out.writeU8(1).writeString(procedure.name());
            MetaTypes.writeProduct(procedure.parameters(), out);
            MetaTypes.write(procedure.result(), out);
        }
        for (View view : module.views()) {
            view(view, out.writeU8(2));
        }
        out.setU32(exports, count);
        list(module.rowFilters(), out, (one, to) -> to.writeString(one));
    }

    private static void typespace(Typespace typespace, BsatnWriter out) {
        list(typespace.types(), out, MetaTypes::write);
    }

    private static void typeName(TypeName type, BsatnWriter out) {
        list(type.scope(), out, (one, to) -> to.writeString(one));
        out.writeString(type.name()).writeU32(type.type()).writeBool(type.customOrdering());
    }

    private static void tableStart(Table table, BsatnWriter out) {
        out.writeString(table.name()).writeU32(table.typeRef());
        columns(table.primaryKey(), out);
        list(table.indexes(), out, DefinitionWriter::index);
        list(table.constraints(), out, (one, to) -> {
            MetaTypes.writeOptionalString(one.name(), to);
            columns(one.columns(), to.writeU8(0));
        });
        list(table.sequences(), out, DefinitionWriter::sequence);
    }

    private static void tableEnd(Table table, BsatnWriter out) {
        out.writeU8(table.system() ? 0 : 1).writeU8(table.access().ordinal());
    }

    private static void table(Table table, BsatnWriter out) {
        tableStart(table, out);
        tableEnd(table, out);
        list(table.defaults(), out, DefinitionWriter::defaultValue);
        out.writeBool(table.event());
    }

    private static void tableNine(ModuleDefinition module, Table table, BsatnWriter out) {
        tableStart(table, out);
        Optional<Schedule> schedule = module.schedules().stream().filter(one -> one.table().equals(table.name())).findFirst();
        if (schedule.isPresent()) {
            MetaTypes.writeOptionalString(schedule.get().name(), out.writeU8(0));
            out.writeString(schedule.get().function()).writeU16(schedule.get().column());
        } else {
            out.writeU8(1);
        }
        tableEnd(table, out);
    }

    private static void index(Index index, BsatnWriter out) {
        MetaTypes.writeOptionalString(index.name(), out);
        MetaTypes.writeOptionalString(index.accessor(), out);
        out.writeU8(index.algorithm().ordinal());
        if (index.algorithm() == TableSchema.Algorithm.DIRECT) {
            out.writeU16(index.columns().getFirst());
        } else {
            columns(index.columns(), out);
        }
    }

    private static void sequence(Sequence sequence, BsatnWriter out) {
        MetaTypes.writeOptionalString(sequence.name(), out);
        out.writeU16(sequence.column());
        number(sequence.start(), out);
        number(sequence.minimum(), out);
        number(sequence.maximum(), out);
        out.writeInteger(Primitive.I128, sequence.increment());
    }

    private static void number(Optional<BigInteger> number, BsatnWriter out) {
        number.ifPresentOrElse(present -> out.writeU8(0).writeInteger(Primitive.I128, present), () -> out.writeU8(1));
    }

    private static void reducer(Reducer reducer, BsatnWriter out) {
        MetaTypes.writeProduct(reducer.parameters(), out.writeString(reducer.name()));
        MetaTypes.write(reducer.ok(), out.writeU8(reducer.callable() ? 1 : 0));
        MetaTypes.write(reducer.err(), out);
    }

    private static void reducerNine(ModuleDefinition module, Reducer reducer, BsatnWriter out) {
        MetaTypes.writeProduct(reducer.parameters(), out.writeString(reducer.name()));
        Optional<Lifecycle> lifecycle = module.lifecycles().stream().filter(one -> one.function().equals(reducer.name())).findFirst();
        lifecycle.ifPresentOrElse(one -> out.writeU8(0).writeU8(one.moment().ordinal()), () -> out.writeU8(1));
    }

    private static void procedure(Procedure procedure, BsatnWriter out) {
        MetaTypes.writeProduct(procedure.parameters(), out.writeString(procedure.name()));
        MetaTypes.write(procedure.result(), out);
        out.writeU8(procedure.callable() ? 1 : 0);
    }

    private static void view(View view, BsatnWriter out) {
        out.writeString(view.name()).writeU32(view.index()).writeBool(view.open()).writeBool(view.anonymous());
        MetaTypes.writeProduct(view.parameters(), out);
        MetaTypes.write(view.result(), out);
    }

    private static void schedule(Schedule schedule, BsatnWriter out) {
        MetaTypes.writeOptionalString(schedule.name(), out);
        out.writeString(schedule.table()).writeU16(schedule.column()).writeString(schedule.function());
    }

    private static void route(HttpRoute route, BsatnWriter out) {
        out.writeString(route.handler());
        if (route.method().isEmpty()) {
            out.writeU8(0);
        } else {
            int tag = DefinitionTypes.METHODS.indexOf(route.method().get());
            out.writeU8(1).writeU8(tag >= 0 ? tag : DefinitionTypes.METHODS.size());
            if (tag < 0) {
                out.writeString(route.method().get());
            }
        }
        out.writeString(route.path());
    }

    private static void defaultValue(DefaultValue value, BsatnWriter out) {
        out.writeU16(value.column()).writeBytes(value.value().toArray());
    }

    private static void columns(List<Integer> columns, BsatnWriter out) {
        list(columns, out, (one, to) -> to.writeU16(one));
    }

    private static <T> void list(List<T> all, BsatnWriter out, BiConsumer<T, BsatnWriter> one) {
        out.writeU32(all.size());
        for (T each : all) {
            one.accept(each, out);
        }
    }
}

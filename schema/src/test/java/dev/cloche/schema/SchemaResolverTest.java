package dev.cloche.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import dev.cloche.schema.ModuleDefinition.Lifecycle;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.SpecialType;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaResolverTest {
    @Test
    void sequencesHaveTheBoundsOfTheirColumn() {
        ModuleSchema schema = new Modules().table("t", "id", Primitive.U8, "n", Primitive.I16).key(0).sequence(0).sequence(1).done().schema();

        assertThat(schema.database().tables().getFirst().sequences()).containsExactly(
                new TableSchema.Sequence("t_id_seq", 0, BigInteger.ONE, BigInteger.ONE, BigInteger.valueOf(255), BigInteger.ONE),
                new TableSchema.Sequence("t_n_seq", 1, BigInteger.ONE, BigInteger.ONE, BigInteger.valueOf(32767), BigInteger.ONE));
    }

    @Test
    void everyFaultNamesItsPlaceAndRule() {
        assertFault(new Modules().table("t", "a", Primitive.U8).done().tableOf("t", 0).done(), "tables.t", "duplicate");
        assertFault(new Modules().table("t1", "a", Primitive.U8).done().table("t_1", "a", Primitive.U8).done(), "tables.t_1", "duplicate");
        assertFault(new Modules().tableOf("t", 3).done(), "tables.t", "reference");
        assertFault(new Modules().table("t", "a", Primitive.U8, "A", Primitive.U8).done(), "tables.t.columns.a", "duplicate");
        assertFault(new Modules().table("bad name", "a", Primitive.U8).index(Algorithm.BTREE, 0).done().reducer("1x"), "functions.1_x", "name");
        assertFault(new Modules().table("t", "a", new Ref(0)).done(), "types[0]", "type");
        assertFault(new Modules().table("t", "a", new Ref(7)).done(), "types[0]", "type");
        assertFault(new Modules().table("t", "a", Primitive.U8).index(Algorithm.BTREE, 1).done(), "tables.t", "columns");
        assertFault(new Modules().table("t", "a", Primitive.U8).index(Algorithm.BTREE, 0, 0).done(), "tables.t", "columns");
        assertFault(new Modules().table("t", "a", Primitive.STRING).index(Algorithm.DIRECT, 0).done(), "tables.t.columns.a", "direct");
        assertFault(new Modules().table("t", "a", Primitive.U8).keyOnly(0).index(Algorithm.BTREE, 0).done(), "tables.t.columns.a", "primaryKey");
        assertFault(new Modules().table("t", "a", Primitive.U8).unique(0).done(), "tables.t.constraints.t_a_key", "index");
        assertFault(new Modules().table("t", "a", Primitive.STRING).sequence(0).done(), "tables.t.columns.a", "sequence");
        assertFault(new Modules().table("t", "a", Primitive.U8).withDefault(0, 1, 2).done(), "tables.t.columns.a", "default");
        assertFault(new Modules().table("t", "a", Primitive.BOOL).withDefault(0, 2).done(), "tables.t.columns.a", "default");
        assertFault(new Modules().reducer("go").reducer("Go"), "functions.go", "duplicate");
        assertFault(lifecycle(new Modules().reducer("go", "x", Primitive.U8), "go"), "reducers.go", "lifecycle");
        assertFault(lifecycle(new Modules(), "gone"), "reducers.gone", "lifecycle");
        assertFault(lifecycle(lifecycle(new Modules().reducer("a").reducer("b"), "a"), "b"), "reducers.b", "duplicate");
        assertFault(scheduled(Primitive.U32, SpecialType.SCHEDULE_AT.type()), "tables.t", "schedule");
        assertFault(scheduled(Primitive.U64, Primitive.I64), "tables.t.columns.at", "schedule");
    }

    @Test
    void messagesSayWhatToDo() {
        assertThatThrownBy(() -> new Modules().table("person", "age", Primitive.U8).withDefault(0, 1, 2).done().schema())
                .isInstanceOf(Problem.class)
                .hasMessage("tables.person.columns.age: the default value is no U8: byte 1: the value ends here, but 1 bytes follow.");
    }

    @Test
    void aScheduledTableKnowsItsFunction() {
        ModuleSchema schema = scheduled(Primitive.U64, SpecialType.SCHEDULE_AT.type()).schema();

        assertThat(schema.database().tables().getFirst().schedule()).contains(new TableSchema.Schedule("t_sched", 1, "ring"));
    }

    @Test
    void identifiersAreKept() {
        ModuleSchema first = new Modules().table("a", "x", Primitive.U8).index(Algorithm.BTREE, 0).done().table("b", "x", Primitive.U8).key(0).done().schema();
        ModuleSchema second = new Modules().table("c", "x", Primitive.U8).key(0).done().table("b", "x", Primitive.U8).key(0).done().after(first);

        assertThat(second.database().tables()).extracting(TableSchema::name).containsExactly("b", "c");
        assertThat(second.database().tables()).extracting(TableSchema::id).containsExactly(4097, 4098);
        assertThat(second.database().tables()).extracting(table -> table.indexes().getFirst().id()).containsExactly(4097, 4098);
    }

    private static Modules lifecycle(Modules modules, String function) {
        modules.lifecycles.add(new Lifecycle(ModuleSchema.Lifecycle.INIT, function));
        return modules;
    }

    private static Modules scheduled(Primitive key, dev.cloche.values.AlgebraicType at) {
        Modules modules = new Modules().table("t", "id", key, "at", at).key(0).done().reducer("ring", "row", new Ref(0));
        modules.schedules.add(new Schedule(Optional.empty(), "t", 1, "ring"));
        return modules;
    }

    private static void assertFault(Modules modules, String place, String rule) {
        assertThatThrownBy(modules::schema).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields())
                .extracting(FieldError::field, FieldError::rule)
                .containsAnyElementsOf(List.of(org.assertj.core.groups.Tuple.tuple(place, rule))));
    }
}

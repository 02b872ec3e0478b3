package dev.cloche.protocol;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.ModuleSchema.Lifecycle;
import dev.cloche.schema.ModuleSchema.Procedure;
import dev.cloche.schema.ModuleSchema.Reducer;
import dev.cloche.schema.TableSchema;
import dev.cloche.schema.TableSchema.Column;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the fake database offers: people with numbers, and shouts that nobody keeps. */
final class FakeModule {
    static final int PERSON = 4096;
    static final int SHOUT = 4097;

    private FakeModule() {}

    static ModuleSchema schema() {
        List<Reducer> reducers = new ArrayList<>();
        add(reducers, "init", Optional.of(Lifecycle.INIT));
        add(reducers, "add_person", Optional.empty(), field("name", Primitive.STRING));
        add(reducers, "rename", Optional.empty(), field("id", Primitive.U32), field("name", Primitive.STRING));
        add(reducers, "remove", Optional.empty(), field("id", Primitive.U32));
        add(reducers, "shout", Optional.empty(), field("text", Primitive.STRING));
        add(reducers, "fail", Optional.empty(), field("message", Primitive.STRING));
        add(reducers, "panic", Optional.empty());
        add(reducers, "no_op", Optional.empty());
        Product sum = new Product(List.of(field("a", Primitive.U32), field("b", Primitive.U32)));
        List<Procedure> procedures = List.of(new Procedure(0, "sum_it", sum, Primitive.U64, true), new Procedure(1, "break_it", Product.UNIT, Product.UNIT, true));
        return new ModuleSchema(new DatabaseSchema(Typespace.EMPTY, List.of(
                        table(PERSON, "person", false, new Column("id", "id", Primitive.U32, Optional.empty()), new Column("name", "name", Primitive.STRING, Optional.empty())),
                        table(SHOUT, "shout", true, new Column("text", "text", Primitive.STRING, Optional.empty())))),
                reducers, procedures, List.of(), List.of(), List.of());
    }

    private static Element field(String name, AlgebraicType type) {
        return Element.of(name, type);
    }

    private static void add(List<Reducer> reducers, String name, Optional<Lifecycle> lifecycle, Element... parameters) {
        reducers.add(new Reducer(reducers.size(), name, new Product(List.of(parameters)), lifecycle, lifecycle.isEmpty(), Product.UNIT, Primitive.STRING));
    }

    private static TableSchema table(int id, String name, boolean event, Column... columns) {
        return new TableSchema(id, name, name, id - PERSON, List.of(columns), event ? OptionalInt.empty() : OptionalInt.of(0), List.of(), List.of(), List.of(),
                Optional.empty(), TableSchema.Access.PUBLIC, event);
    }
}

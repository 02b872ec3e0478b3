package dev.cloche.tables;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.schema.TableSchema.Access;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.schema.TableSchema.Column;
import dev.cloche.schema.TableSchema.Index;
import dev.cloche.schema.TableSchema.Sequence;
import dev.cloche.schema.TableSchema.Unique;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.Bytes;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Definitions for tests, written as one line a table. */
final class Schemas {
    private final String name;
    private final int id;
    private final List<Column> columns = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private final List<Unique> uniques = new ArrayList<>();
    private final List<Sequence> sequences = new ArrayList<>();
    private OptionalInt primaryKey = OptionalInt.empty();
    private Access access = Access.PUBLIC;
    private boolean event;

    private Schemas(int id, String name) {
        this.id = id;
        this.name = name;
    }

    static Schemas table(int id, String name) {
        return new Schemas(id, name);
    }

    static DatabaseSchema database(TableSchema... tables) {
        return new DatabaseSchema(Typespace.EMPTY, List.of(tables));
    }

    Schemas column(String column, AlgebraicType type) {
        columns.add(new Column(column, column, type, Optional.empty()));
        return this;
    }

    Schemas column(String column, AlgebraicType type, byte[] value) {
        columns.add(new Column(column, column, type, Optional.of(Bytes.copyOf(value))));
        return this;
    }

    Schemas index(int index, Algorithm algorithm, Integer... of) {
        indexes.add(new Index(index, name + "_idx_" + index, List.of(name + "_alias_" + index), algorithm, List.of(of)));
        return this;
    }

    Schemas unique(Integer... of) {
        uniques.add(new Unique(name + "_key", List.of(of)));
        return this;
    }

    Schemas primaryKey(int column) {
        primaryKey = OptionalInt.of(column);
        return unique(column);
    }

    Schemas counted(int column, long start, long minimum, long maximum) {
        sequences.add(
                new Sequence(
                        name + "_seq", column, BigInteger.valueOf(start), BigInteger.valueOf(minimum), BigInteger.valueOf(maximum), BigInteger.ONE));
        return this;
    }

    Schemas access(Access given) {
        access = given;
        return this;
    }

    Schemas event() {
        event = true;
        return this;
    }

    TableSchema make() {
        return new TableSchema(id, name, name, 0, columns, primaryKey, indexes, uniques, sequences, Optional.empty(), access, event);
    }
}

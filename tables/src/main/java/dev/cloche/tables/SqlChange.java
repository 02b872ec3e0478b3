package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.BoundSelect.Relation;
import dev.cloche.tables.SqlSyntax.Assignment;
import dev.cloche.tables.SqlSyntax.Literal;
import dev.cloche.tables.SqlSyntax.Name;
import dev.cloche.tables.SqlSyntax.Where;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An INSERT, DELETE or UPDATE that is ready to run. */
sealed interface SqlChange {
    /** Does it. */
    SqlStatement.Changed run(Transaction transaction);

    static SqlChange compile(SqlSyntax syntax, SqlBinder binder) {
        return switch (syntax) {
            case SqlSyntax.Insert insert -> insert(insert, binder);
            case SqlSyntax.Delete(Name table, Optional<Where> where) -> {
                Table found = table(table, binder);
                yield new Delete(found, plan(found, table, where, binder));
            }
            case SqlSyntax.Update update -> update(update, binder);
            case SqlSyntax.Select select -> throw new IllegalArgumentException("a SELECT changes nothing");
        };
    }

    private static Table table(Name name, SqlBinder binder) {
        Table table = binder.table(name, false);
        if (table.kind() == Changes.Kind.VIEW) {
            throw new SqlException("`" + name.text() + "` is a view: its rows follow from those of tables.", name.position());
        }
        return table;
    }

    private static JoinPlan plan(Table table, Name name, Optional<Where> where, SqlBinder binder) {
        List<Relation> relations = List.of(new Relation(table, name.text()));
        List<Condition> conditions = new ArrayList<>();
        where.ifPresent(one -> binder.addAll(one, relations, conditions));
        return new JoinPlan(new BoundSelect(relations, conditions, 0));
    }

    private static IntStack addresses(JoinPlan plan) {
        IntStack addresses = new IntStack();
        plan.all((tuple, times) -> {
            addresses.push(tuple.addresses[0]);
            return true;
        });
        return addresses;
    }

    private static SqlChange insert(SqlSyntax.Insert insert, SqlBinder binder) {
        Table table = table(insert.table(), binder);
        TableSchema schema = table.schema();
        int[] places = new int[schema.columns().size()];
        Arrays.fill(places, -1);
        int given = insert.columns().isEmpty() ? places.length : insert.columns().size();
        for (int i = 0; i < given; i++) {
            int column = insert.columns().isEmpty() ? i : SqlBinder.column(0, table, insert.columns().get(i)).number();
            if (places[column] >= 0) {
                throw new SqlException("The column `" + schema.columns().get(column).name() + "` is named twice.", insert.columns().get(i).position());
            }
            places[column] = i;
        }
        List<byte[]> rows = new ArrayList<>();
        for (List<Literal> values : insert.rows()) {
            if (values.size() != given) {
                throw new SqlException(
                        "Tuple has " + values.size() + " values, and " + given + " columns are named.", values.getFirst().position());
            }
            rows.add(row(table, places, values, binder));
        }
        return new Insert(table, rows);
    }

    private static byte[] row(Table table, int[] places, List<Literal> values, SqlBinder binder) {
        BsatnWriter row = new BsatnWriter();
        for (int column = 0; column < places.length; column++) {
            TableSchema.Column of = table.schema().columns().get(column);
            Optional<byte[]> value = of.defaultValue().map(Bytes::toArray);
            if (places[column] >= 0) {
                value = Optional.of(binder.literals().encode(of.type(), values.get(places[column])));
            } else if (table.sequence(column).isPresent()) {
                value = table.sequence(column).map(counter -> new byte[counter.bytes()]);
            }
            row.writeRaw(
                    value.orElseThrow(
                            () -> new SqlException("The column `" + of.name() + "` has no default value and needs one in the statement.", -1)));
        }
        return row.toArray();
    }

    private static SqlChange update(SqlSyntax.Update update, SqlBinder binder) {
        Table table = table(update.table(), binder);
        Map<Integer, byte[]> values = new TreeMap<>();
        for (Assignment assignment : update.assignments()) {
            int column = SqlBinder.column(0, table, assignment.column()).number();
            byte[] value = binder.literals().encode(table.schema().columns().get(column).type(), assignment.value());
            if (values.put(column, value) != null) {
                throw new SqlException("The column `" + assignment.column().text() + "` is set twice.", assignment.column().position());
            }
        }
        return new Update(table, plan(table, update.table(), update.where(), binder), values);
    }

    /** Inserts rows. */
    record Insert(Table table, List<byte[]> rows) implements SqlChange {
        @Override
        public SqlStatement.Changed run(Transaction transaction) {
            long before = table.count();
            rows.forEach(row -> transaction.insert(table.schema().id(), row));
            return new SqlStatement.Changed(table.count() - before, 0, 0);
        }
    }

    /** Deletes the rows that a plan finds. */
    record Delete(Table table, JoinPlan plan) implements SqlChange {
        @Override
        public SqlStatement.Changed run(Transaction transaction) {
            IntStack addresses = addresses(plan);
            for (int i = 0; i < addresses.size(); i++) {
                transaction.delete(table, addresses.get(i));
            }
            return new SqlStatement.Changed(0, addresses.size(), 0);
        }
    }

    /** Sets columns of the rows that a plan finds. */
    record Update(Table table, JoinPlan plan, Map<Integer, byte[]> values) implements SqlChange {
        @Override
        public SqlStatement.Changed run(Transaction transaction) {
            IntStack addresses = addresses(plan);
            List<byte[]> rows = new ArrayList<>();
            int[] offsets = new int[table.layout().columns() + 1];
            for (int i = 0; i < addresses.size(); i++) {
                byte[] old = table.rows().bytes(addresses.get(i));
                table.layout().offsets(old, table.rows().offset(addresses.get(i)), offsets);
                BsatnWriter row = new BsatnWriter();
                for (int column = 0; column + 1 < offsets.length; column++) {
                    byte[] value = values.get(column);
                    if (value == null) {
                        row.writeRaw(old, offsets[column], offsets[column + 1] - offsets[column]);
                    } else {
                        row.writeRaw(value);
                    }
                }
                rows.add(row.toArray());
            }
            for (int i = 0; i < addresses.size(); i++) {
                transaction.delete(table, addresses.get(i));
            }
            rows.forEach(row -> transaction.put(table, row));
            return new SqlStatement.Changed(0, 0, addresses.size());
        }
    }
}

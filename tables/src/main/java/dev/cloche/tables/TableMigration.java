package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.StoreException.Reason;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.Bytes;
import dev.cloche.values.Typespace;
import java.util.Arrays;
import java.util.List;

/** Brings the rows of a table under another definition; the old table is not changed. */
final class TableMigration {
    private final Typespace from;
    private final Typespace to;
    private final StoreRoom room;

    TableMigration(Typespace from, Typespace to, StoreRoom room) {
        this.from = from;
        this.to = to;
        this.room = room;
    }

    Table migrate(Table old, TableSchema schema, Changes.Kind kind) {
        int before = old.schema().columns().size();
        int after = schema.columns().size();
        if (after < before) {
            throw new StoreException(
                    Reason.BSATN, "Table " + schema.name() + " would lose columns: it has " + before + ", the new definition " + after + ".");
        }
        boolean sameTypes = true;
        for (int i = 0; i < before; i++) {
            sameTypes &= same(old.schema().columns().get(i).type(), schema.columns().get(i).type(), 0);
        }
        if (sameTypes && before == after) {
            return new Table(to, schema, kind, room, old);
        }
        return copy(old, new Table(to, schema, kind, room), defaults(schema, before));
    }

    private static byte[] defaults(TableSchema schema, int first) {
        byte[] all = new byte[0];
        for (TableSchema.Column column : schema.columns().subList(first, schema.columns().size())) {
            byte[] one =
                    column.defaultValue()
                            .map(Bytes::toArray)
                            .orElseThrow(() -> new StoreException(
                                    Reason.BSATN, "Column " + schema.name() + "." + column.name() + " is new and needs a default value."));
            all = Arrays.copyOf(all, all.length + one.length);
            System.arraycopy(one, 0, all, all.length - one.length, one.length);
        }
        return all;
    }

    private static Table copy(Table old, Table table, byte[] tail) {
        RowPages rows = old.rows();
        byte[] row = new byte[256];
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            int length = rows.length(address);
            if (row.length < length + tail.length) {
                row = new byte[(length + tail.length) * 2];
            }
            System.arraycopy(rows.bytes(address), rows.offset(address), row, 0, length);
            System.arraycopy(tail, 0, row, length, tail.length);
            table.load(row, 0, length + tail.length);
        }
        table.takeSequences(old);
        return table;
    }

    /** Whether values of two types have the same bytes; false if unsure. */
    private boolean same(AlgebraicType a, AlgebraicType b, int depth) {
        if (depth > 20) {
            return false;
        }
        AlgebraicType one = from.resolve(a);
        AlgebraicType other = to.resolve(b);
        return switch (one) {
            case Primitive primitive -> primitive.equals(other);
            case Array(AlgebraicType element) -> other instanceof Array(AlgebraicType more) && same(element, more, depth + 1);
            case Product(List<AlgebraicType.Element> elements) ->
                other instanceof Product(List<AlgebraicType.Element> others)
                        && same(
                                elements.stream().map(AlgebraicType.Element::type).toList(),
                                others.stream().map(AlgebraicType.Element::type).toList(),
                                depth);
            case Sum(List<AlgebraicType.Variant> variants) ->
                other instanceof Sum(List<AlgebraicType.Variant> others)
                        && same(
                                variants.stream().map(AlgebraicType.Variant::type).toList(),
                                others.stream().map(AlgebraicType.Variant::type).toList(),
                                depth);
            case Ref ref -> false;
        };
    }

    private boolean same(List<AlgebraicType> some, List<AlgebraicType> others, int depth) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!same(some.get(i), others.get(i), depth + 1)) {
                return false;
            }
        }
        return true;
    }
}

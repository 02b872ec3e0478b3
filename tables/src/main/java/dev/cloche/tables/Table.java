package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.StoreException.Reason;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.BsatnException;
import dev.cloche.values.RowLayout;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One table: its rows, their indexes, and what the open transaction did to it.
 *
 * <p>Changes are made in place. A deleted row keeps its place until the transaction ends, so it can come back: by a rollback, or
 * because an equal row is inserted.
 */
final class Table {
    private final TableSchema schema;
    private final Changes.Kind kind;
    private final RowLayout layout;
    private final RowPages rows;
    private final List<RowIndex> indexes;
    private final @Nullable RowIndex firstUnique;
    /** All rows by their bytes, where no unique index finds a row. */
    private final @Nullable AddressHash set;

    private final List<SequenceCounter> sequences;
    private long count;

    private final IntStack inserted = new IntStack();
    private final IntStack doomed = new IntStack();
    private final AddressHash gone = new AddressHash();
    private final List<AddressCursor> cursors = new ArrayList<>();
    private BigInteger[] sequencesBefore = new BigInteger[0];
    private boolean touched;

    /** An empty table. */
    Table(Typespace types, TableSchema schema, Changes.Kind kind) {
        this(types, schema, kind, null);
    }

    /** A table that takes over the rows, and the indexes that it has as well, of one with columns of the same types. */
    Table(Typespace types, TableSchema schema, Changes.Kind kind, @Nullable Table old) {
        this.schema = schema;
        this.kind = kind;
        List<Element> elements =
                schema.columns().stream().map(column -> Element.of(column.name(), column.type())).toList();
        this.layout = RowLayout.of(types, new Product(elements));
        this.rows = old == null ? new RowPages(layout.fixedSize()) : old.rows;
        this.count = old == null ? 0 : old.count;
        this.indexes = indexes(types, old);
        this.firstUnique = indexes.stream().filter(RowIndex::unique).findFirst().orElse(null);
        this.set = firstUnique != null ? null : old != null && old.set != null ? old.set : new AddressHash();
        this.sequences = new ArrayList<>();
        for (TableSchema.Sequence sequence : schema.sequences()) {
            TableSchema.Column column = schema.columns().get(sequence.column());
            if (!(types.resolve(column.type()) instanceof Primitive type)) {
                throw new IllegalArgumentException("Column " + column.name() + " has a sequence and is no integer.");
            }
            sequences.add(new SequenceCounter(sequence, schema.name() + "." + column.name(), type));
        }
        if (old != null) {
            takeOver(old);
        }
    }

    /** Unique ones first; a unique constraint without an index of its own gets one. */
    private List<RowIndex> indexes(Typespace types, @Nullable Table old) {
        List<RowIndex> result = new ArrayList<>();
        List<TableSchema.Unique> left = new ArrayList<>(schema.uniques());
        for (TableSchema.Index index : schema.indexes()) {
            boolean unique = left.removeIf(one -> sameColumns(one.columns(), index.columns())) || isUnique(index);
            result.add(index(types, index, unique, old));
        }
        for (TableSchema.Unique unique : left) {
            TableSchema.Index index =
                    new TableSchema.Index(-1, unique.name(), List.of(), TableSchema.Algorithm.BTREE, unique.columns());
            result.add(index(types, index, true, old));
        }
        result.sort(Comparator.comparing(index -> !index.unique()));
        return List.copyOf(result);
    }

    private boolean isUnique(TableSchema.Index index) {
        return schema.uniques().stream().anyMatch(one -> sameColumns(one.columns(), index.columns()));
    }

    private RowIndex index(Typespace types, TableSchema.Index index, boolean unique, @Nullable Table old) {
        IndexKey key = new IndexKey(types, layout, index.columns());
        RowIndex made =
                unique && index.algorithm() == TableSchema.Algorithm.HASH
                        ? new UniqueHashIndex(index, key, rows)
                        : new OrderedIndex(index, key, unique, rows);
        if (old != null) {
            for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
                if (made.add(address) != RowPages.NONE) {
                    throw uniqueExists(made);
                }
            }
        }
        return made;
    }

    private static boolean sameColumns(List<Integer> some, List<Integer> others) {
        return some.size() == others.size() && new HashSet<>(some).equals(new HashSet<>(others));
    }

    private void takeOver(Table old) {
        if (set != null && set != old.set) {
            for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
                set.add(rowHash(address), address);
            }
        }
        takeSequences(old);
    }

    /** Goes on counting where these sequences of another table stand. */
    void takeSequences(Table old) {
        for (SequenceCounter counter : old.sequences) {
            sequence(counter.columnNumber()).ifPresent(own -> own.next(counter.next()));
        }
    }

    TableSchema schema() {
        return schema;
    }

    Changes.Kind kind() {
        return kind;
    }

    RowLayout layout() {
        return layout;
    }

    RowPages rows() {
        return rows;
    }

    List<RowIndex> indexes() {
        return indexes;
    }

    long count() {
        return count;
    }

    Optional<SequenceCounter> sequence(int column) {
        return sequences.stream().filter(one -> one.columnNumber() == column).findFirst();
    }

    List<SequenceCounter> sequences() {
        return sequences;
    }

    // ---- changes of the open transaction

    /** Whether the open transaction may have changed it; from now on it may have. */
    boolean touch() {
        if (touched) {
            return true;
        }
        touched = true;
        if (!sequences.isEmpty()) {
            sequencesBefore = sequences.stream().map(SequenceCounter::next).toArray(BigInteger[]::new);
        }
        return false;
    }

    /** Checks that the bytes are a row. */
    void check(byte[] row, int from, int length) {
        try {
            int end = layout.check(row, from, from + length);
            if (end != from + length) {
                throw new BsatnException(end, "the row ends here, but " + (from + length - end) + " bytes follow");
            }
        } catch (BsatnException e) {
            throw new StoreException(Reason.BSATN, "A row of table " + schema.name() + " is wrong: " + e.getMessage());
        }
    }

    /**
     * Fills the columns in which a row has 0 and a sequence counts.
     *
     * @param generated gets the numbers
     * @return how many bytes that were
     */
    int generate(byte[] row, byte[] generated) {
        int written = 0;
        for (SequenceCounter counter : sequences) {
            int at = layout.offset(row, 0, counter.columnNumber());
            if (isZero(row, at, counter.bytes())) {
                counter.write(row, at);
                System.arraycopy(row, at, generated, written, counter.bytes());
                written += counter.bytes();
            }
        }
        return written;
    }

    private static boolean isZero(byte[] row, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (row[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Inserts a checked row; gives the address of the row that is equal now. */
    int insert(byte[] row, int length) {
        freeze();
        int back = gone.size() == 0 ? RowPages.NONE : findGone(row, length);
        int address = back == RowPages.NONE ? rows.place(row, 0, length) : back;
        RowIndex refusing = null;
        int other = addToSet(address);
        for (int i = 0; other == RowPages.NONE && i < indexes.size(); i++) {
            refusing = indexes.get(i);
            other = refusing.add(address);
            if (other != RowPages.NONE) {
                removeFrom(address, i);
            }
        }
        if (other != RowPages.NONE) {
            if (back == RowPages.NONE) {
                rows.free(address);
            }
            if (refusing != null && !rows.equal(other, row, 0, length)) {
                throw uniqueExists(refusing);
            }
            return other;
        }
        show(address, back != RowPages.NONE);
        return address;
    }

    private StoreException uniqueExists(RowIndex index) {
        List<String> names =
                index.schema().columns().stream().map(column -> schema.columns().get(column).name()).toList();
        return new StoreException(
                Reason.UNIQUE_EXISTS,
                "Table " + schema.name() + " has a row with the same value in the unique column"
                        + (names.size() > 1 ? "s " : " ")
                        + String.join(", ", names)
                        + " already.");
    }

    private int addToSet(int address) {
        if (set == null) {
            return RowPages.NONE;
        }
        long hash = rowHash(address);
        int other = find(set, hash, rows.bytes(address), rows.offset(address), rows.length(address));
        if (other == RowPages.NONE) {
            set.add(hash, address);
        }
        return other;
    }

    private long rowHash(int address) {
        int at = rows.offset(address);
        return AddressHash.hash(0, rows.bytes(address), at, at + rows.length(address));
    }

    private int find(AddressHash hashes, long hash, byte[] row, int from, int length) {
        int found = hashes.first(hash);
        while (found != RowPages.NONE && !rows.equal(found, row, from, length)) {
            found = hashes.after(hash, found);
        }
        return found;
    }

    private int findGone(byte[] row, int length) {
        return find(gone, AddressHash.hash(0, row, 0, length), row, 0, length);
    }

    /** The row with these bytes, or {@link RowPages#NONE}. */
    int find(byte[] row, int from, int length) {
        if (set != null) {
            return find(set, AddressHash.hash(0, row, from, from + length), row, from, length);
        }
        RowIndex index = firstUnique;
        if (index == null) {
            throw new IllegalStateException("a table has a set of its rows or a unique index");
        }
        int found = index.find(index.key().ofRow(row, from));
        return found != RowPages.NONE && rows.equal(found, row, from, length) ? found : RowPages.NONE;
    }

    /** Takes a row out of the set and the first so many indexes. */
    private void removeFrom(int address, int indexCount) {
        if (set != null) {
            set.remove(rowHash(address), address);
        }
        for (int i = 0; i < indexCount; i++) {
            indexes.get(i).remove(address);
        }
    }

    private void addAgain(int address) {
        if (addToSet(address) != RowPages.NONE) {
            throw new IllegalStateException("an equal row is there");
        }
        for (RowIndex index : indexes) {
            if (index.add(address) != RowPages.NONE) {
                throw new IllegalStateException("a row with this key is there");
            }
        }
    }

    /** Deletes a live row. */
    void delete(int address) {
        freeze();
        removeFrom(address, indexes.size());
        hide(address);
    }

    private void hide(int address) {
        rows.live(address, false);
        count--;
        gone.add(rowHash(address), address);
        if (!rows.fresh(address) && !rows.doomed(address)) {
            rows.doomed(address, true);
            doomed.push(address);
        }
    }

    /**
     * Puts a checked row in the place of a live one, in a table with a unique index. Indexes in which the key stays have the
     * address exchanged only.
     */
    void replace(int old, byte[] row, int length) {
        if (rows.equal(old, row, 0, length)) {
            return;
        }
        freeze();
        byte[] oldBytes = rows.bytes(old);
        int oldAt = rows.offset(old);
        for (RowIndex index : indexes) {
            if (index.unique() && index.key().compare(oldBytes, oldAt, row, 0) != 0 && index.find(index.key().ofRow(row, 0)) != RowPages.NONE) {
                throw uniqueExists(index);
            }
        }
        int back = gone.size() == 0 ? RowPages.NONE : findGone(row, length);
        int address = back == RowPages.NONE ? rows.place(row, 0, length) : back;
        for (RowIndex index : indexes) {
            if (index.unique() && index.key().compare(oldBytes, oldAt, row, 0) == 0) {
                index.swap(old, address);
            } else {
                index.remove(old);
                index.add(address);
            }
        }
        hide(old);
        show(address, back != RowPages.NONE);
    }

    /** A placed row that all indexes know becomes one of the table; {@code again} if the transaction had deleted it. */
    private void show(int address, boolean again) {
        rows.live(address, true);
        count++;
        if (again) {
            gone.remove(rowHash(address), address);
        } else {
            rows.fresh(address, true);
            inserted.push(address);
        }
    }

    /** Deletes all rows. */
    long clear() {
        freeze();
        long before = count;
        if (set != null) {
            set.clear();
        }
        indexes.forEach(RowIndex::clear);
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            hide(address);
        }
        return before;
    }

    /** What the transaction changed, if anything; it is over. */
    Optional<Changes.TableChange> commit() {
        end();
        RowListBuilder in = new RowListBuilder();
        RowListBuilder out = new RowListBuilder();
        for (int i = 0; i < inserted.size(); i++) {
            int address = inserted.get(i);
            boolean live = rows.live(address);
            rows.fresh(address, false);
            if (live) {
                in.add(rows.bytes(address), rows.offset(address), rows.length(address));
            }
            if (live && kind == Changes.Kind.EVENT) {
                removeFrom(address, indexes.size());
                rows.live(address, false);
                count--;
            }
            if (!live || kind == Changes.Kind.EVENT) {
                rows.free(address);
            }
        }
        for (int i = 0; i < doomed.size(); i++) {
            int address = doomed.get(i);
            rows.doomed(address, false);
            if (!rows.live(address)) {
                out.add(rows.bytes(address), rows.offset(address), rows.length(address));
                rows.free(address);
            }
        }
        inserted.clear();
        doomed.clear();
        if (in.count() == 0 && out.count() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Changes.TableChange(schema.id(), kind, in.build(), out.build()));
    }

    /** The sequences that gave numbers in the transaction that was just committed. */
    void sequenceStates(List<Changes.SequenceState> into) {
        for (int i = 0; i < sequencesBefore.length; i++) {
            SequenceCounter counter = sequences.get(i);
            if (kind != Changes.Kind.VIEW && !counter.next().equals(sequencesBefore[i])) {
                into.add(new Changes.SequenceState(schema.id(), counter.columnNumber(), counter.next()));
            }
        }
        sequencesBefore = new BigInteger[0];
    }

    void rollback() {
        end();
        for (int i = 0; i < inserted.size(); i++) {
            int address = inserted.get(i);
            if (rows.live(address)) {
                removeFrom(address, indexes.size());
                rows.live(address, false);
                count--;
            }
        }
        for (int i = 0; i < doomed.size(); i++) {
            int address = doomed.get(i);
            rows.doomed(address, false);
            if (!rows.live(address)) {
                addAgain(address);
                rows.live(address, true);
                count++;
            }
        }
        for (int i = 0; i < inserted.size(); i++) {
            rows.fresh(inserted.get(i), false);
            rows.free(inserted.get(i));
        }
        inserted.clear();
        doomed.clear();
        for (int i = 0; i < sequencesBefore.length; i++) {
            sequences.get(i).next(sequencesBefore[i]);
        }
        sequencesBefore = new BigInteger[0];
    }

    private void end() {
        touched = false;
        gone.clear();
        cursors.forEach(AddressCursor::end);
        cursors.clear();
    }

    // ---- replay

    /** Does again what was logged, without a transaction. */
    void replay(RowList in, RowList out) {
        for (int i = 0; i < out.count(); i++) {
            int from = out.start(i);
            int length = out.end(i) - from;
            check(out.data(), from, length);
            int address = find(out.data(), from, length);
            if (address == RowPages.NONE) {
                throw new StoreException(Reason.NO_SUCH_ROW, "A logged change deletes a row that table " + schema.name() + " does not have.");
            }
            removeFrom(address, indexes.size());
            rows.live(address, false);
            rows.free(address);
            count--;
        }
        for (int i = 0; i < in.count(); i++) {
            load(in.data(), in.start(i), in.end(i) - in.start(i));
        }
    }

    /** Adds a row that was logged, or comes from an earlier form of the table. */
    void load(byte[] row, int from, int length) {
        check(row, from, length);
        int address = rows.place(row, from, length);
        if (addToSet(address) != RowPages.NONE) {
            rows.free(address);
            return;
        }
        for (RowIndex index : indexes) {
            if (index.add(address) != RowPages.NONE) {
                throw uniqueExists(index);
            }
        }
        rows.live(address, true);
        count++;
    }

    // ---- cursors

    private void freeze() {
        if (!cursors.isEmpty()) {
            cursors.forEach(AddressCursor::freeze);
        }
    }

    void opened(AddressCursor cursor) {
        cursors.add(cursor);
    }

    void closed(AddressCursor cursor) {
        cursors.remove(cursor);
    }

    /** Counted along, so that it may be asked after each transaction. */
    long memory() {
        long sum = rows.memory() + (set == null ? 0 : set.memory());
        for (RowIndex index : indexes) {
            sum += index.memory();
        }
        return sum;
    }
}

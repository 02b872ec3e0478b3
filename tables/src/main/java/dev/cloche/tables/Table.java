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
    private final TableIndexes indexes;
    private final StoreRoom room;
    private final List<SequenceCounter> sequences;
    private long count;

    private final IntStack inserted = new IntStack();
    private final IntStack doomed = new IntStack();
    private final AddressHash gone = new AddressHash();
    private final List<AddressCursor> cursors = new ArrayList<>();
    private BigInteger[] sequencesBefore = new BigInteger[0];
    private boolean touched;
    private long counted;

    /** An empty table. */
    Table(Typespace types, TableSchema schema, Changes.Kind kind, StoreRoom room) {
        this(types, schema, kind, room, null);
    }

    /** A table that takes over the rows of one with columns of the same types. */
    Table(Typespace types, TableSchema schema, Changes.Kind kind, StoreRoom room, @Nullable Table old) {
        this.schema = schema;
        this.kind = kind;
        this.room = room;
        List<Element> elements =
                schema.columns().stream().map(column -> Element.of(column.name(), column.type())).toList();
        this.layout = RowLayout.of(types, new Product(elements));
        this.rows = old == null ? new RowPages(layout.fixedSize()) : old.rows;
        this.count = old == null ? 0 : old.count;
        this.indexes = new TableIndexes(types, schema, layout, rows, old == null ? null : old.indexes);
        this.sequences = new ArrayList<>();
        for (TableSchema.Sequence sequence : schema.sequences()) {
            TableSchema.Column column = schema.columns().get(sequence.column());
            if (!(types.resolve(column.type()) instanceof Primitive type)) {
                throw new IllegalArgumentException("Column " + column.name() + " has a sequence and is no integer.");
            }
            sequences.add(new SequenceCounter(sequence, schema.name() + "." + column.name(), type));
        }
        if (old != null) {
            takeSequences(old);
        }
        account();
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
        return indexes.all();
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
        room.wants(length);
        room.changes(length);
        freeze();
        int back = gone.size() == 0 ? RowPages.NONE : findGone(row, length);
        int address = back == RowPages.NONE ? rows.place(row, 0, length) : back;
        int other = add(address, back == RowPages.NONE);
        if (other != RowPages.NONE) {
            return other;
        }
        show(address, back != RowPages.NONE);
        account();
        return address;
    }

    /** Makes a placed row known; one that is not taken gives its place up, if it got that just now. */
    private int add(int address, boolean placedNow) {
        boolean added = false;
        try {
            int other = indexes.add(address);
            added = other == RowPages.NONE;
            return other;
        } finally {
            if (!added && placedNow) {
                rows.free(address);
            }
        }
    }

    /** A row's bytes among those that the open transaction deleted. */
    private int findGone(byte[] row, int length) {
        return indexes.find(gone, AddressHash.hash(0, row, 0, length), row, 0, length);
    }

    /** The row with these bytes, or {@link RowPages#NONE}. */
    int find(byte[] row, int from, int length) {
        return indexes.find(row, from, length);
    }

    private void addAgain(int address) {
        if (indexes.add(address) != RowPages.NONE) {
            throw new IllegalStateException("an equal row is there");
        }
    }

    /** Deletes a live row. */
    void delete(int address) {
        room.changes(rows.length(address));
        freeze();
        indexes.remove(address);
        hide(address);
    }

    private void hide(int address) {
        rows.live(address, false);
        count--;
        gone.add(indexes.hash(address), address);
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
        room.wants(length);
        room.changes((long) length + rows.length(old));
        indexes.checkReplaces(old, row);
        freeze();
        int back = gone.size() == 0 ? RowPages.NONE : findGone(row, length);
        int address = back == RowPages.NONE ? rows.place(row, 0, length) : back;
        indexes.replace(old, address, row);
        hide(old);
        show(address, back != RowPages.NONE);
        account();
    }

    /** A placed row that all indexes know becomes one of the table; {@code again} if the transaction had deleted it. */
    private void show(int address, boolean again) {
        rows.live(address, true);
        count++;
        if (again) {
            gone.remove(indexes.hash(address), address);
        } else {
            rows.fresh(address, true);
            inserted.push(address);
        }
    }

    /** Deletes all rows. */
    long clear() {
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            room.changes(rows.length(address));
        }
        freeze();
        long before = count;
        indexes.clear();
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            hide(address);
        }
        account();
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
                indexes.remove(address);
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
        account();
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
                indexes.remove(address);
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
        account();
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
            indexes.remove(address);
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
        room.wantsOfPool(length);
        int address = rows.place(row, from, length);
        if (add(address, true) == RowPages.NONE) {
            rows.live(address, true);
            count++;
        }
        account();
    }

    // ---- cursors

    /** Lets open cursors note what they have not shown yet; that counts as if it were changed, since it takes memory. */
    private void freeze() {
        for (AddressCursor cursor : cursors) {
            room.changes(cursor.freeze());
        }
    }

    void opened(AddressCursor cursor) {
        cursors.add(cursor);
    }

    void closed(AddressCursor cursor) {
        cursors.remove(cursor);
    }

    /** Tells the store's room how it grew. */
    private void account() {
        long now = memory();
        room.grew(now - counted);
        counted = now;
    }

    /** Its memory, counted anew for a room that was emptied. */
    void recount() {
        counted = 0;
        account();
    }

    /** Counted along, so that it may be asked after each change. */
    long memory() {
        return rows.memory() + indexes.memory() + inserted.memory() + doomed.memory() + gone.memory();
    }
}

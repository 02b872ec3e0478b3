package dev.cloche.tables;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.tables.StoreException.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one database, in memory.
 *
 * <p>Of one thread at a time; it owns no thread, file or socket. Rows are BSATN from end to end and lie in pages on the heap
 * (decision 0022), so the memory goes when the store is dropped. As a {@link Reader} it shows the tables as they are, with the
 * changes of an open transaction.
 */
public final class Store implements Reader, AutoCloseable {
    /** The first identifier of tables that hold the rows of views. */
    public static final int FIRST_VIEW = 1 << 30;

    private final StoreRoom room;
    private DatabaseSchema schema;
    private Map<Integer, Table> tables;
    private Map<String, Table> names = Map.of();
    private Map<String, Table> sourceNames = Map.of();
    private Map<Integer, Located> indexes = Map.of();
    private Map<String, Integer> indexNames = Map.of();
    private int nextView = FIRST_VIEW;
    private @Nullable Transaction open;
    private @Nullable Snapshot snapshot;

    /** An index and its table. */
    record Located(Table table, RowIndex index) {}

    /** Empty tables without limits. */
    public Store(DatabaseSchema schema) {
        this(schema, StoreLimits.NONE);
    }

    /** Empty tables that may take so much. */
    public Store(DatabaseSchema schema, StoreLimits limits) {
        this.schema = schema;
        room = new StoreRoom(limits);
        this.tables = new TreeMap<>();
        for (TableSchema table : schema.tables()) {
            tables.put(table.id(), new Table(schema.typespace(), table, kind(table), room));
        }
        index();
    }

    private static Changes.Kind kind(TableSchema table) {
        return table.event() ? Changes.Kind.EVENT : Changes.Kind.STORED;
    }

    private void index() {
        Map<String, Table> byName = new HashMap<>();
        Map<String, Table> bySourceName = new HashMap<>();
        Map<Integer, Located> byIndex = new HashMap<>();
        Map<String, Integer> byIndexName = new HashMap<>();
        for (Table table : tables.values()) {
            if (table.kind() != Changes.Kind.VIEW) {
                byName.put(table.schema().name(), table);
                bySourceName.put(table.schema().sourceName(), table);
                for (RowIndex index : table.indexes()) {
                    if (index.schema().id() >= 0) {
                        byIndex.put(index.schema().id(), new Located(table, index));
                        byIndexName.put(index.schema().name(), index.schema().id());
                    }
                }
            }
        }
        for (Located one : byIndex.values()) {
            for (String alias : one.index.schema().aliases()) {
                byIndexName.putIfAbsent(alias, one.index.schema().id());
            }
        }
        names = byName;
        sourceNames = bySourceName;
        indexes = byIndex;
        indexNames = byIndexName;
    }

    /** The tables as they are defined now. */
    public DatabaseSchema schema() {
        return schema;
    }

    /**
     * Begins a transaction.
     *
     * @throws IllegalStateException if one is open
     */
    public Transaction begin() {
        requireNoTransaction();
        Transaction begun = new Transaction(this);
        open = begun;
        return begun;
    }

    private void requireNoTransaction() {
        if (open != null) {
            throw new IllegalStateException("A transaction is open.");
        }
    }

    void ended() {
        open = null;
        room.settle();
    }

    /** The identifier of the table with this canonical name. */
    public OptionalInt tableId(String name) {
        Table table = names.get(name);
        return table == null ? OptionalInt.empty() : OptionalInt.of(table.schema().id());
    }

    /** The identifier of the index with this canonical name, or one of its aliases. */
    public OptionalInt indexId(String name) {
        Integer id = indexNames.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The table (no view) with this canonical name, or the one that its author called so. */
    @Nullable Table named(String name) {
        Table table = names.get(name);
        return table != null ? table : sourceNames.get(name);
    }

    Table table(int id) {
        Table table = tables.get(id);
        if (table == null) {
            throw new StoreException(Reason.NO_SUCH_TABLE, "There is no table number " + Integer.toUnsignedString(id) + ".");
        }
        return table;
    }

    Collection<Table> tables() {
        return Collections.unmodifiableCollection(tables.values());
    }

    Located located(int index) {
        Located located = indexes.get(index);
        if (located == null) {
            throw new StoreException(Reason.NO_SUCH_INDEX, "There is no index number " + Integer.toUnsignedString(index) + ".");
        }
        return located;
    }

    /**
     * Adds a table for the rows of a view as one caller sees them. It can be read, watched and changed by transactions as any
     * other, but is neither in snapshots nor in logged changes, and its indexes have no identifiers.
     *
     * @param view its name is not looked up here; its {@code id} is replaced
     * @return its identifier, from {@link #FIRST_VIEW} on
     */
    public int addView(TableSchema view) {
        int id = nextView++;
        TableSchema numbered =
                new TableSchema(
                        id, view.name(), view.sourceName(), view.typeRef(), view.columns(), view.primaryKey(), view.indexes(),
                        view.uniques(), view.sequences(), view.schedule(), view.access(), view.event());
        tables.put(id, new Table(schema.typespace(), numbered, Changes.Kind.VIEW, room));
        return id;
    }

    /** Drops a table made by {@link #addView}. No transaction may be open, and no query may use it. */
    public void dropView(int table) {
        requireNoTransaction();
        if (table(table).kind() != Changes.Kind.VIEW) {
            throw new IllegalArgumentException("Table " + table + " does not hold a view.");
        }
        room.grew(-table(table).memory());
        tables.remove(table);
        room.settle();
    }

    /**
     * Gives the tables another definition and keeps their rows, all or nothing. Whether rows may be lost is for the plan of the
     * migration to decide: tables that are not defined any more go with their rows. A table that stays keeps its columns and
     * may get more behind them, which need default values; indexes, constraints and sequences are made and dropped as defined.
     *
     * <p>Tables of views go. Queries have to be compiled anew.
     *
     * @throws StoreException if rows break a new rule, or there is no room for both forms; nothing was changed then
     */
    public void migrate(DatabaseSchema to) {
        requireNoTransaction();
        requireNoSnapshot();
        try {
            Map<Integer, Table> migrated = new TreeMap<>();
            for (TableSchema table : to.tables()) {
                Table old = tables.get(table.id());
                migrated.put(
                        table.id(),
                        old == null
                                ? new Table(to.typespace(), table, kind(table), room)
                                : new TableMigration(schema.typespace(), to.typespace(), room).migrate(old, table, kind(table)));
            }
            tables = migrated;
            schema = to;
        } finally {
            room.recount();
            tables.values().forEach(Table::recount);
            room.settle();
        }
        index();
    }

    /** Does again what a logged transaction did; nothing is checked but that the rows are rows of their tables. */
    public void replay(Changes changes) {
        requireNoTransaction();
        for (Changes.TableChange change : changes.tables()) {
            table(change.table()).replay(change.inserted(), change.deleted());
        }
        for (Changes.SequenceState state : changes.sequences()) {
            table(state.table())
                    .sequence(state.column())
                    .orElseThrow(() -> new StoreException(Reason.NO_SUCH_TABLE, "There is no sequence for column " + state.column() + "."))
                    .next(state.next());
        }
    }

    /** Gives all rows, in lists of about 256 KiB, and where the sequences stand, as changes to replay. */
    public void snapshot(Consumer<Changes> parts) {
        Snapshot whole = beginSnapshot(parts);
        while (whole.step(Long.MAX_VALUE)) {
            continue;
        }
    }

    /**
     * Begins to give all rows as they are now, while transactions go on changing them: what a transaction is about to change is
     * copied before. At most one snapshot is being made.
     *
     * @param parts gets changes to replay, in any order; called by {@link Snapshot#step} and by transactions
     */
    public Snapshot beginSnapshot(Consumer<Changes> parts) {
        requireNoTransaction();
        requireNoSnapshot();
        Snapshot begun = new Snapshot(tables.values(), parts, () -> snapshot = null);
        snapshot = begun;
        return begun;
    }

    private void requireNoSnapshot() {
        if (snapshot != null) {
            throw new IllegalStateException("A snapshot is being made.");
        }
    }

    /** About how many bytes rows and indexes take; counted along, so it costs little. */
    public long memory() {
        return room.used();
    }

    /** About how many bytes the rows and indexes of one table take. */
    public long memory(int table) {
        return table(table).memory();
    }

    @Override
    public long rowCount(int table) {
        return table(table).count();
    }

    @Override
    public RowCursor scan(int table) {
        Table found = table(table);
        return new AddressCursor(found, AddressSource.all(found.rows()));
    }

    @Override
    public RowCursor scanPoint(int index, byte[] point) {
        Located located = located(index);
        return new AddressCursor(located.table, point(located.index, point));
    }

    static AddressSource point(RowIndex index, byte[] point) {
        return index.point(index.key().ofValues(point, index.key().columns()));
    }

    @Override
    public RowCursor scanRange(int index, IndexRange range) {
        Located located = located(index);
        return new AddressCursor(located.table, RangeScan.of(located.index, range));
    }

    /** Gives back the memory that it has taken of what all may take; of no use any more. */
    @Override
    public void close() {
        room.close();
        tables = Map.of();
        names = Map.of();
        sourceNames = Map.of();
        indexes = Map.of();
    }
}

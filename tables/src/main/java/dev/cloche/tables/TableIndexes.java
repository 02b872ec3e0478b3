package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.StoreException.Reason;
import dev.cloche.values.RowLayout;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the live rows of a table are found: by its indexes, or by their bytes where no unique index finds a row. */
final class TableIndexes {
    private final TableSchema schema;
    private final RowLayout layout;
    private final RowPages rows;
    private final List<RowIndex> all;
    private final @Nullable RowIndex firstUnique;
    private final @Nullable AddressHash set;

    /** Of the rows that are there; {@code old} are those of a table whose rows these are, if there is one. */
    TableIndexes(Typespace types, TableSchema schema, RowLayout layout, RowPages rows, @Nullable TableIndexes old) {
        this.schema = schema;
        this.layout = layout;
        this.rows = rows;
        all = indexes(types);
        firstUnique = all.stream().filter(RowIndex::unique).findFirst().orElse(null);
        set = firstUnique != null ? null : old != null && old.set != null ? old.set : new AddressHash();
        if (old != null) {
            fill(old);
        }
    }

    /** Unique ones first; a unique constraint without an index of its own gets one. */
    private List<RowIndex> indexes(Typespace types) {
        List<RowIndex> result = new ArrayList<>();
        List<TableSchema.Unique> left = new ArrayList<>(schema.uniques());
        for (TableSchema.Index index : schema.indexes()) {
            boolean unique = left.removeIf(one -> sameColumns(one.columns(), index.columns())) || isUnique(index);
            result.add(index(types, index, unique));
        }
        for (TableSchema.Unique unique : left) {
            TableSchema.Index index =
                    new TableSchema.Index(-1, unique.name(), List.of(), TableSchema.Algorithm.BTREE, unique.columns());
            result.add(index(types, index, true));
        }
        result.sort(Comparator.comparing(index -> !index.unique()));
        return List.copyOf(result);
    }

    private boolean isUnique(TableSchema.Index index) {
        return schema.uniques().stream().anyMatch(one -> sameColumns(one.columns(), index.columns()));
    }

    private static boolean sameColumns(List<Integer> some, List<Integer> others) {
        return some.size() == others.size() && new HashSet<>(some).equals(new HashSet<>(others));
    }

    private RowIndex index(Typespace types, TableSchema.Index index, boolean unique) {
        IndexKey key = new IndexKey(types, layout, index.columns());
        return unique && index.algorithm() == TableSchema.Algorithm.HASH
                ? new UniqueHashIndex(index, key, rows)
                : new OrderedIndex(index, key, unique, rows);
    }

    private void fill(TableIndexes old) {
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            for (RowIndex index : all) {
                if (index.add(address) != RowPages.NONE) {
                    throw uniqueExists(index);
                }
            }
            if (set != null && set != old.set) {
                set.add(hash(address), address);
            }
        }
    }

    List<RowIndex> all() {
        return all;
    }

    /** A hash of a row's bytes. */
    long hash(int address) {
        int at = rows.offset(address);
        return AddressHash.hash(0, rows.bytes(address), at, at + rows.length(address));
    }

    /**
     * Adds a placed row. Where an equal row is there already, gives that one's address and adds nothing.
     *
     * @throws StoreException if a row with the same unique values is there; nothing was added then
     */
    int add(int address) {
        RowIndex refusing = null;
        int other = addToSet(address);
        for (int i = 0; other == RowPages.NONE && i < all.size(); i++) {
            refusing = all.get(i);
            other = refusing.add(address);
            if (other != RowPages.NONE) {
                removeFrom(address, i);
            }
        }
        if (other != RowPages.NONE && refusing != null && !rows.equal(other, rows.bytes(address), rows.offset(address), rows.length(address))) {
            throw uniqueExists(refusing);
        }
        return other;
    }

    StoreException uniqueExists(RowIndex index) {
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
        long hash = hash(address);
        int other = find(set, hash, rows.bytes(address), rows.offset(address), rows.length(address));
        if (other == RowPages.NONE) {
            set.add(hash, address);
        }
        return other;
    }

    /** The row with these bytes among those of a hash table. */
    int find(AddressHash hashes, long hash, byte[] row, int from, int length) {
        int found = hashes.first(hash);
        while (found != RowPages.NONE && !rows.equal(found, row, from, length)) {
            found = hashes.after(hash, found);
        }
        return found;
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

    /** Takes a row out. */
    void remove(int address) {
        removeFrom(address, all.size());
    }

    /** Takes a row out of the set and the first so many indexes. */
    private void removeFrom(int address, int indexCount) {
        if (set != null) {
            set.remove(hash(address), address);
        }
        for (int i = 0; i < indexCount; i++) {
            all.get(i).remove(address);
        }
    }

    /** Refuses a row that is to take the place of another where its unique values are a third one's. */
    void checkReplaces(int old, byte[] row) {
        byte[] oldBytes = rows.bytes(old);
        int oldAt = rows.offset(old);
        for (RowIndex index : all) {
            if (index.unique() && index.key().compare(oldBytes, oldAt, row, 0) != 0 && index.find(index.key().ofRow(row, 0)) != RowPages.NONE) {
                throw uniqueExists(index);
            }
        }
    }

    /** Puts a placed row, checked by {@link #checkReplaces}, in the place of another; where the key stays, only the address changes. */
    void replace(int old, int address, byte[] row) {
        byte[] oldBytes = rows.bytes(old);
        int oldAt = rows.offset(old);
        for (RowIndex index : all) {
            if (index.unique() && index.key().compare(oldBytes, oldAt, row, 0) == 0) {
                index.swap(old, address);
            } else {
                index.remove(old);
                index.add(address);
            }
        }
    }

    void clear() {
        if (set != null) {
            set.clear();
        }
        all.forEach(RowIndex::clear);
    }

    long memory() {
        long sum = set == null ? 0 : set.memory();
        for (RowIndex index : all) {
            sum += index.memory();
        }
        return sum;
    }
}

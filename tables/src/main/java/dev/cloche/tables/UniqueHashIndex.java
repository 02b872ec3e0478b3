package dev.cloche.tables;

import dev.cloche.schema.TableSchema;

/** A unique index that answers points only. */
final class UniqueHashIndex extends RowIndex {
    private final RowPages rows;
    private final AddressHash addresses = new AddressHash();

    UniqueHashIndex(TableSchema.Index schema, IndexKey key, RowPages rows) {
        super(schema, key, true);
        this.rows = rows;
    }

    @Override
    int add(int address) {
        byte[] bytes = rows.bytes(address);
        int at = rows.offset(address);
        long hash = key().hash(bytes, at);
        for (int other = addresses.first(hash); other != RowPages.NONE; other = addresses.after(hash, other)) {
            if (key().compare(rows.bytes(other), rows.offset(other), bytes, at) == 0) {
                return other;
            }
        }
        addresses.add(hash, address);
        return RowPages.NONE;
    }

    @Override
    void remove(int address) {
        addresses.remove(key().hash(rows.bytes(address), rows.offset(address)), address);
    }

    @Override
    void swap(int old, int address) {
        addresses.swap(key().hash(rows.bytes(old), rows.offset(old)), old, address);
    }

    @Override
    int find(IndexKey.Search search) {
        long hash = search.hash();
        int found = addresses.first(hash);
        while (found != RowPages.NONE && search.compareRow(rows.bytes(found), rows.offset(found)) != 0) {
            found = addresses.after(hash, found);
        }
        return found;
    }

    @Override
    AddressSource point(IndexKey.Search search) {
        return AddressSource.one(find(search));
    }

    @Override
    void clear() {
        addresses.clear();
    }

    @Override
    long memory() {
        return addresses.memory();
    }
}

package dev.cloche.tables;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows by their addresses; before the table changes it notes those that are left. */
final class AddressCursor extends RowCursor {
    private final Table table;
    private AddressSource source;
    private int current = RowPages.NONE;
    private int following;
    private boolean frozen;

    AddressCursor(Table table, AddressSource source) {
        this.table = table;
        this.source = source;
        this.following = source.next();
        if (following != RowPages.NONE) {
            table.opened(this);
        }
    }

    /** Notes the addresses that are left; how many bytes that took. */
    long freeze() {
        if (frozen) {
            return 0;
        }
        frozen = true;
        IntStack left = new IntStack();
        for (int address = source.next(); address != RowPages.NONE; address = source.next()) {
            left.push(address);
        }
        source = AddressSource.of(left);
        return left.memory();
    }

    private void advance() {
        current = following;
        following = source.next();
        if (following == RowPages.NONE) {
            table.closed(this);
        }
    }

    @Override
    public int nextLength() {
        return following == RowPages.NONE ? -1 : table.rows().length(following);
    }

    @Override
    public int copyTo(MemorySegment target, long offset, int capacity) {
        RowPages rows = table.rows();
        int written = 0;
        while (following != RowPages.NONE) {
            int length = rows.length(following);
            if (length > capacity - written) {
                break;
            }
            advance();
            MemorySegment.copy(rows.bytes(current), rows.offset(current), target, ValueLayout.JAVA_BYTE, offset + written, length);
            written += length;
        }
        return written;
    }

    @Override
    public boolean next() {
        if (following == RowPages.NONE) {
            current = RowPages.NONE;
            return false;
        }
        advance();
        return true;
    }

    /** The address of the current row. */
    int address() {
        return current;
    }

    @Override
    public byte[] bytes() {
        return table.rows().bytes(current);
    }

    @Override
    public int offset() {
        return table.rows().offset(current);
    }

    @Override
    public int length() {
        return table.rows().length(current);
    }

    @Override
    public void close() {
        if (following != RowPages.NONE) {
            end();
            table.closed(this);
        }
    }

    /** Has nothing more to give. */
    void end() {
        following = RowPages.NONE;
        source = AddressSource.EMPTY;
    }
}

package dev.cloche.tables;

import java.lang.foreign.MemorySegment;

/** Rows by their addresses. */
final class AddressCursor extends RowCursor {
    @Override
    public int nextLength() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int copyTo(MemorySegment target, long offset, int capacity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean next() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] bytes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int offset() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int length() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

package dev.cloche.tables;

/** A row for each relation of a query, as far as they are chosen. */
final class Tuple {
    final byte[][] bytes;
    final int[] at;
    final int[] lengths;
    final int[] addresses;

    Tuple(int relations) {
        bytes = new byte[relations][];
        at = new int[relations];
        lengths = new int[relations];
        addresses = new int[relations];
    }

    /** Chooses a row of a table. */
    void set(int relation, RowPages rows, int address) {
        bytes[relation] = rows.bytes(address);
        at[relation] = rows.offset(address);
        lengths[relation] = rows.length(address);
        addresses[relation] = address;
    }

    /** Chooses a row of a list. */
    void set(int relation, RowList rows, int row) {
        bytes[relation] = rows.data();
        at[relation] = rows.start(row);
        lengths[relation] = rows.end(row) - rows.start(row);
        addresses[relation] = RowPages.NONE;
    }
}

package dev.cloche.tables;

/**
 * What may be asked of the tables: by modules, views and SQL.
 *
 * <p>A cursor shows the rows as they were when it was opened, whatever is inserted and deleted while it is read. It ends with
 * the transaction in which it was opened.
 */
public sealed interface Reader permits Store, Transaction {
    /** How many rows the table has. */
    long rowCount(int table);

    /** All rows of the table, in the order in which they lie. */
    RowCursor scan(int table);

    /**
     * The rows whose columns of the index have these values.
     *
     * @param point BSATN of the values of all columns, one after another
     * @throws StoreException if there is no such index, or the bytes are not such values
     */
    RowCursor scanPoint(int index, byte[] point);

    /**
     * The rows in a range of an ordered index, in its order.
     *
     * @throws StoreException if there is no such index, it has no order, or the range does not fit it
     */
    RowCursor scanRange(int index, IndexRange range);
}

package dev.cloche.databases;

import dev.cloche.tables.RowList;

/**
 * What one transaction changed in the result of one query; made once and shared by all clients that watch the query.
 *
 * @param tableId of the table or view that the query returns
 * @param table its canonical name
 * @param event whether the rows are events: told once, never kept; {@code deletes} is empty then
 */
public record QueryChange(int tableId, String table, boolean event, RowList inserts, RowList deletes) {}

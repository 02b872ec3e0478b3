package dev.cloche.databases;

import dev.cloche.tables.RowList;

/**
 * What one query found in the table that it returns.
 *
 * @param tableId of the table or view
 * @param table its canonical name
 * @param rows in no particular order
 */
public record TableRows(int tableId, String table, RowList rows) {}

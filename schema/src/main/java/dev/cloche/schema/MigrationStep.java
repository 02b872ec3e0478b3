package dev.cloche.schema;

import java.util.List;

/**
 * One step from a schema to the next (facts, section 7, migrations at publish). Tables, columns and indexes are named
 * canonically; the numbers are those of the schema in which the thing is: of the old one for what goes, else of the new one.
 *
 * <p>The order of the records is the order in which a plan takes the steps.
 */
public sealed interface MigrationStep {
    /** Rows are not needed any more; refused unless the table is empty or its loss is accepted. */
    record DropTable(int table, String name) implements MigrationStep {}

    /** The view goes, and what clients watch of it. */
    record DropView(int table, String name) implements MigrationStep {}

    /** An index that nothing asks for any more. */
    record DropIndex(int table, String tableName, int index, String name) implements MigrationStep {}

    /** Rows may be equal in these columns from now on. */
    record DropUnique(int table, String tableName, String name) implements MigrationStep {}

    /** A column is not numbered any more. */
    record DropSequence(int table, String tableName, String name) implements MigrationStep {}

    /** The rows are no appointments any more. */
    record DropSchedule(int table, String tableName) implements MigrationStep {}

    /** Every row gets these columns at its end, with the default values. */
    record AddColumns(int table, String tableName, List<TableSchema.Column> columns) implements MigrationStep {
        /** Copies the columns. */
        public AddColumns {
            columns = List.copyOf(columns);
        }
    }

    /** The bytes of the rows stay; the types of columns know further variants at their end. */
    record ChangeColumns(int table, String tableName) implements MigrationStep {}

    /** Another public or private. */
    record ChangeAccess(int table, String tableName, TableSchema.Access access) implements MigrationStep {}

    /** Another primary key; clients find updates by it. The rows stay. */
    record ChangePrimaryKey(int table, String tableName) implements MigrationStep {}

    /** A table without rows. */
    record AddTable(TableSchema table) implements MigrationStep {}

    /** An index over rows that exist. */
    record AddIndex(int table, String tableName, TableSchema.Index index) implements MigrationStep {}

    /** A column is numbered from now on. */
    record AddSequence(int table, String tableName, TableSchema.Sequence sequence) implements MigrationStep {}

    /** The rows become appointments. */
    record AddSchedule(int table, String tableName, TableSchema.Schedule schedule) implements MigrationStep {}

    /** A view to watch. */
    record AddView(ModuleSchema.View view) implements MigrationStep {}

    /** Other rules for which rows a client may read. */
    record ChangeRowFilters() implements MigrationStep {}

    /** What it does, for people, without a full stop. */
    default String text() {
        return switch (this) {
            case DropTable(_, String name) -> "drop table " + name + " with its rows";
            case DropView(_, String name) -> "drop view " + name;
            case DropIndex(_, String table, _, String name) -> "drop index " + name + " of " + table;
            case DropUnique(_, String table, String name) -> "drop unique constraint " + name + " of " + table;
            case DropSequence(_, String table, String name) -> "drop sequence " + name + " of " + table;
            case DropSchedule(_, String table) -> "stop scheduling rows of " + table;
            case AddColumns(_, String table, List<TableSchema.Column> columns) ->
                    "add to table " + table + " the columns " + String.join(", ", columns.stream().map(TableSchema.Column::name).toList());
            case ChangeColumns(_, String table) -> "add variants to the types of columns of " + table;
            case ChangeAccess(_, String table, TableSchema.Access access) -> "make table " + table + (access == TableSchema.Access.PUBLIC ? " public" : " private");
            case ChangePrimaryKey(_, String table) -> "change the primary key of " + table;
            case AddTable(TableSchema table) -> "add table " + table.name();
            case AddIndex(_, String table, TableSchema.Index index) -> "add index " + index.name() + " to " + table;
            case AddSequence(_, String table, TableSchema.Sequence sequence) -> "add sequence " + sequence.name() + " to " + table;
            case AddSchedule(_, String table, TableSchema.Schedule schedule) -> "schedule rows of " + table + " for " + schedule.function();
            case AddView(ModuleSchema.View view) -> "add view " + view.name();
            case ChangeRowFilters() -> "change row level security";
        };
    }
}

package dev.cloche.schema;

import dev.cloche.values.Typespace;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a database as its store needs them: names are canonical, references checked, identifiers given.
 *
 * @param typespace for the references inside column types
 * @param tables in the order of their identifiers
 */
public record DatabaseSchema(Typespace typespace, List<TableSchema> tables) {
    /** The first identifier of a user's table. */
    public static final int FIRST_TABLE = 4096;

    /** Copies the tables. */
    public DatabaseSchema {
        tables = List.copyOf(tables);
    }

    /** The table with this canonical name. */
    public Optional<TableSchema> table(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}

package dev.cloche.schema;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One table: its columns and the rules for its rows.
 *
 * @param id kept through migrations, from {@link DatabaseSchema#FIRST_TABLE} on
 * @param name canonical; what clients and SQL say
 * @param sourceName as the module's author wrote it; SQL knows it too
 * @param typeRef of the row's product in the typespace
 * @param columns in the order of the row
 * @param primaryKey number of the column, if there is one; it has a unique constraint then
 * @param indexes with identifiers that are unique in the database
 * @param uniques lists of columns whose values together occur once
 * @param sequences that number rows
 * @param schedule if rows are appointments for a function
 * @param access who may read it
 * @param event whether rows are told to subscribers and never kept
 */
public record TableSchema(
        int id,
        String name,
        String sourceName,
        int typeRef,
        List<Column> columns,
        OptionalInt primaryKey,
        List<Index> indexes,
        List<Unique> uniques,
        List<Sequence> sequences,
        Optional<Schedule> schedule,
        Access access,
        boolean event) {
    /** Copies the lists. */
    public TableSchema {
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
        uniques = List.copyOf(uniques);
        sequences = List.copyOf(sequences);
    }

    /** Who may read a table besides its owner and its module. */
    public enum Access {
        /** Everyone who may connect. */
        PUBLIC,
        /** Nobody. */
        PRIVATE
    }

    /**
     * A column.
     *
     * @param name canonical
     * @param sourceName as written; SQL knows it too
     * @param type may hold references into the typespace
     * @param defaultValue BSATN, for rows that are older than the column
     */
    public record Column(String name, String sourceName, AlgebraicType type, Optional<Bytes> defaultValue) {}

    /**
     * An index over columns, in this order.
     *
     * @param id unique in the database
     * @param name canonical
     * @param aliases other names by which a module may ask for it
     */
    public record Index(int id, String name, List<String> aliases, Algorithm algorithm, List<Integer> columns) {
        /** Copies the lists. */
        public Index {
            aliases = List.copyOf(aliases);
            columns = List.copyOf(columns);
        }
    }

    /** How an index finds rows. */
    public enum Algorithm {
        /** Ordered: points, prefixes and ranges. */
        BTREE,
        /** Points only. */
        HASH,
        /** One unsigned column with small numbers: points and ranges. */
        DIRECT
    }

    /** Columns whose values together occur once. */
    public record Unique(String name, List<Integer> columns) {
        /** Copies the columns. */
        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Numbers for a column in which an inserted row has 0.
     *
     * @param start the first number
     * @param minimum after wrapping
     * @param maximum before wrapping
     * @param increment not 0
     */
    public record Sequence(
            String name, int column, BigInteger start, BigInteger minimum, BigInteger maximum, BigInteger increment) {}

    /** Rows are appointments: at the time in this column the function is called with the row. */
    public record Schedule(String name, int column, String function) {}
}

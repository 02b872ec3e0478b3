package dev.cloche.tables;

import java.math.BigInteger;
import java.util.List;

/**
 * What a transaction did, net: a row that was deleted and inserted again is not mentioned.
 *
 * @param tables those with changes, in the order of their identifiers
 * @param sequences those that gave numbers; restored by a replay, so that no number is given twice
 */
public record Changes(List<TableChange> tables, List<SequenceState> sequences) {
    /** Copies the lists. */
    public Changes {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    /** Whether nothing is to be logged; rows of event tables and of views are not. */
    public boolean nothingToLog() {
        return sequences.isEmpty() && tables.stream().noneMatch(TableChange::logged);
    }

    /**
     * The changes of one table.
     *
     * @param inserted for an event table: the events, which are not stored
     * @param kind what the rows are
     */
    public record TableChange(int table, Kind kind, RowList inserted, RowList deleted) {
        /** Whether the log has to keep it. */
        public boolean logged() {
            return kind == Kind.STORED;
        }
    }

    /** What the rows of a change are. */
    public enum Kind {
        /** Rows of a table. */
        STORED,
        /** Events: told to subscribers and gone. */
        EVENT,
        /** Rows of a view, which can be computed again. */
        VIEW
    }

    /**
     * Where a sequence stands.
     *
     * @param table whose it is
     * @param column which it numbers
     * @param next the number that it gives next
     */
    public record SequenceState(int table, int column, BigInteger next) {}
}

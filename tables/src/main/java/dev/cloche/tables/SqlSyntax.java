package dev.cloche.tables;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A statement as it is written, before names mean anything. */
sealed interface SqlSyntax {
    /** A name and where it stands. */
    record Name(String text, int position) {}

    /** A column, perhaps with its table. */
    record ColumnName(Optional<Name> table, Name column) implements Operand {}

    /** A table under a name; the name is the table's own without an alias. */
    record Source(Name table, Name alias) {}

    /** {@code JOIN source ON left = right}. */
    record Join(Source source, ColumnName left, ColumnName right) {}

    /** One side of a comparison. */
    sealed interface Operand {}

    /** A literal as it was written. */
    record Literal(Form form, String text, int position) implements Operand {
        /** How a literal is written. */
        enum Form {
            /** A number, perhaps with sign, point and exponent. */
            NUMBER,
            /** In single quotes. */
            TEXT,
            /** Hexadecimal digits. */
            HEX,
            /** {@code true} or {@code false}. */
            BOOL,
            /** {@code :sender}. */
            SENDER
        }

        /** As messages show it. */
        String shown() {
            return switch (form) {
                case SENDER -> ":sender";
                case HEX -> "0x" + text;
                case NUMBER, TEXT, BOOL -> text;
            };
        }
    }

    /** What has to hold. */
    sealed interface Where {
        /** All of them. */
        record And(List<Where> parts) implements Where {}

        /** One of them. */
        record Or(List<Where> parts) implements Where {}

        /** A comparison. */
        record Compare(Operand left, Condition.Operator operator, Operand right, int position) implements Where {}
    }

    /** What a SELECT gives. */
    sealed interface Projection {
        /** {@code *} or {@code table.*}. */
        record Star(Optional<Name> table) implements Projection {}

        /** Columns, each perhaps under another name. */
        record Columns(List<Item> items) implements Projection {}

        /** A column under a name. */
        record Item(ColumnName column, Name name) {}

        /** {@code COUNT(*) AS name}. */
        record Count(Name name) implements Projection {}
    }

    /** SELECT. */
    record Select(Projection projection, Source from, List<Join> joins, Optional<Where> where, OptionalLong limit, int position)
            implements SqlSyntax {}

    /** INSERT; without columns all are meant. */
    record Insert(Name table, List<Name> columns, List<List<Literal>> rows) implements SqlSyntax {}

    /** DELETE. */
    record Delete(Name table, Optional<Where> where) implements SqlSyntax {}

    /** UPDATE. */
    record Update(Name table, List<Assignment> assignments, Optional<Where> where) implements SqlSyntax {}

    /** {@code column = literal}. */
    record Assignment(Name column, Literal value) {}
}

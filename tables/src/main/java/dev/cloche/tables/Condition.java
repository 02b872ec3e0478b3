package dev.cloche.tables;

import dev.cloche.values.RowLayout;
import java.util.List;

/** What has to hold for rows, tested on their bytes. */
sealed interface Condition {
    /** Whether it holds; the relations that it names have rows. */
    boolean holds(Tuple tuple);

    /** A bit for each relation that it names. */
    int relations();

    /** The same about relations with other numbers. */
    Condition moved(int[] numbers);

    /** A way to compare. */
    enum Operator {
        /** Equal. */
        EQUAL("="),
        /** Not equal. */
        UNEQUAL("<>"),
        /** Below. */
        LESS("<"),
        /** Above. */
        GREATER(">"),
        /** Below or equal. */
        AT_MOST("<="),
        /** Above or equal. */
        AT_LEAST(">=");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean test(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case GREATER -> order > 0;
                case AT_MOST -> order <= 0;
                case AT_LEAST -> order >= 0;
            };
        }

        /** The same with the sides exchanged. */
        Operator turned() {
            return switch (this) {
                case EQUAL, UNEQUAL -> this;
                case LESS -> GREATER;
                case GREATER -> LESS;
                case AT_MOST -> AT_LEAST;
                case AT_LEAST -> AT_MOST;
            };
        }
    }

    /** A column of a relation. */
    record Column(int relation, RowLayout layout, int number) {
        int offset(Tuple tuple) {
            return layout.offset(tuple.bytes[relation], tuple.at[relation], number);
        }

        Column moved(int[] numbers) {
            return new Column(numbers[relation], layout, number);
        }
    }

    /** A column compared with a value, which is BSATN of the column's type. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record WithValue(Column column, Operator operator, byte[] value) implements Condition {
        @Override
        public boolean holds(Tuple tuple) {
            byte[] row = tuple.bytes[column.relation];
            return operator.test(column.layout.column(column.number).compare(row, column.offset(tuple), value, 0));
        }

        @Override
        public int relations() {
            return 1 << column.relation;
        }

        @Override
        public Condition moved(int[] numbers) {
            return new WithValue(column.moved(numbers), operator, value);
        }
    }

    /** Two columns of the same type compared. */
    record WithColumn(Column left, Operator operator, Column right) implements Condition {
        @Override
        public boolean holds(Tuple tuple) {
            return operator.test(
                    left.layout
                            .column(left.number)
                            .compare(tuple.bytes[left.relation], left.offset(tuple), tuple.bytes[right.relation], right.offset(tuple)));
        }

        @Override
        public int relations() {
            return 1 << left.relation | 1 << right.relation;
        }

        @Override
        public Condition moved(int[] numbers) {
            return new WithColumn(left.moved(numbers), operator, right.moved(numbers));
        }
    }

    /** All of them. */
    record All(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Tuple tuple) {
            for (Condition part : parts) {
                if (!part.holds(tuple)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int relations() {
            return parts.stream().mapToInt(Condition::relations).reduce(0, (a, b) -> a | b);
        }

        @Override
        public Condition moved(int[] numbers) {
            return new All(parts.stream().map(part -> part.moved(numbers)).toList());
        }
    }

    /** One of them. */
    record Any(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Tuple tuple) {
            for (Condition part : parts) {
                if (part.holds(tuple)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public int relations() {
            return parts.stream().mapToInt(Condition::relations).reduce(0, (a, b) -> a | b);
        }

        @Override
        public Condition moved(int[] numbers) {
            return new Any(parts.stream().map(part -> part.moved(numbers)).toList());
        }
    }
}

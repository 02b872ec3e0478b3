package dev.cloche.tables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a query: how the rows of a relation are found when some relations have rows already.
 *
 * @param changed whether it goes through the changed rows of the relation instead of its table
 * @param checks what has to hold as soon as this relation has a row
 */
record JoinStep(int relation, boolean changed, Access access, List<Condition> checks) {
    JoinStep {
        checks = List.copyOf(checks);
    }

    /** How rows are found. */
    sealed interface Access {
        /** All of them. */
        record Scan() implements Access {}

        /** By the values of columns, in a hash table that is made for the occasion. */
        record Hash(List<Part> parts, int[] columns) implements Access {
            /** Copies the parts. */
            public Hash {
                parts = List.copyOf(parts);
            }
        }

        /** By an index: values for its first columns, and bounds for the next one. */
        record Index(RowIndex index, List<Part> parts, @Nullable Bound low, @Nullable Bound high) implements Access {
            /** Copies the parts. */
            public Index {
                parts = List.copyOf(parts);
            }
        }
    }

    /** A bound of a range. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bound(byte[] value, boolean included) {}

    /** Where a value of a key comes from. */
    sealed interface Part {
        /** It is known. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Value(byte[] bytes) implements Part {}

        /** From a row that is there already. */
        record Column(Condition.Column column) implements Part {}
    }

    /** The values of a key, one after another, and where each begins. */
    record Key(byte[] bytes, int[] offsets, int size) {
        static Key of(List<Part> parts, Tuple tuple, @Nullable Bound last) {
            int count = parts.size() + (last == null ? 0 : 1);
            byte[][] sources = new byte[count][];
            int[] from = new int[count];
            int[] offsets = new int[count];
            int size = 0;
            for (int i = 0; i < count; i++) {
                int length;
                if (i == parts.size() && last != null) {
                    sources[i] = last.value;
                    length = last.value.length;
                } else if (parts.get(i) instanceof Part.Column(Condition.Column column)) {
                    sources[i] = tuple.bytes[column.relation()];
                    from[i] = column.offset(tuple);
                    length = column.layout().column(column.number()).skip(sources[i], from[i]) - from[i];
                } else {
                    sources[i] = ((Part.Value) parts.get(i)).bytes;
                    length = sources[i].length;
                }
                offsets[i] = size;
                size += length;
            }
            byte[] bytes = new byte[size];
            for (int i = 0; i < count; i++) {
                System.arraycopy(sources[i], from[i], bytes, offsets[i], (i + 1 < count ? offsets[i + 1] : size) - offsets[i]);
            }
            return new Key(bytes, offsets, size);
        }

        IndexKey.Search search(IndexKey key) {
            return key.ofChecked(bytes, offsets);
        }
    }
}

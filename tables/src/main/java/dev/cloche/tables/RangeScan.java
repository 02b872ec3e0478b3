package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.StoreException.Reason;

/** Reads a range of an index as modules write it. */
final class RangeScan {
    private RangeScan() {}

    static AddressSource of(RowIndex index, IndexRange range) {
        if (index.schema().algorithm() == TableSchema.Algorithm.HASH || !(index instanceof OrderedIndex ordered)) {
            throw new StoreException(
                    Reason.WRONG_INDEX_ALGORITHM, "Index " + index.schema().name() + " is a hash index: it has points, no ranges.");
        }
        IndexKey key = ordered.key();
        int prefix = range.prefixColumns();
        if (prefix < 0 || prefix > key.columns()) {
            throw new StoreException(
                    Reason.BSATN, "Index " + index.schema().name() + " has " + key.columns() + " columns, not a prefix of " + prefix + ".");
        }
        if (prefix == key.columns()) {
            return ordered.point(key.ofValues(range.prefix(), prefix));
        }
        int startTag = tag(range.start());
        int endTag = tag(range.end());
        return ordered.range(
                bound(key, range, range.start(), startTag), startTag == 1, bound(key, range, range.end(), endTag), endTag != 1);
    }

    private static int tag(byte[] bound) {
        if (bound.length == 0 || bound[0] < 0 || bound[0] > 2) {
            throw new StoreException(Reason.BSATN, "A bound begins with 0 (included), 1 (excluded) or 2 (none).");
        }
        return bound[0];
    }

    private static IndexKey.Search bound(IndexKey key, IndexRange range, byte[] bound, int tag) {
        byte[] prefix = range.prefix();
        if (tag == 2) {
            return key.ofValues(prefix, range.prefixColumns());
        }
        byte[] values = new byte[prefix.length + bound.length - 1];
        System.arraycopy(prefix, 0, values, 0, prefix.length);
        System.arraycopy(bound, 1, values, prefix.length, bound.length - 1);
        return key.ofValues(values, range.prefixColumns() + 1);
    }
}

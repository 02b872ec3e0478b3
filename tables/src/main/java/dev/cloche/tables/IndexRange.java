package dev.cloche.tables;

/**
 * A range of an ordered index: exact values for its first columns and bounds for the next one (facts section 6.1).
 *
 * @param prefix BSATN of the values of the first columns, one after another
 * @param prefixColumns how many columns that is
 * @param start BSATN of a {@code Bound}: tag 0 and an included value, 1 and an excluded one, or 2
 * @param end as {@code start}
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never kept
public record IndexRange(byte[] prefix, int prefixColumns, byte[] start, byte[] end) {}

package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.LittleEndian;
import java.math.BigInteger;

/**
 * Numbers for a column, in the order of its sequence: behind the last comes the first again.
 *
 * <p>A number that its column cannot hold is refused. As long as the numbers fit a {@code long} they are counted in one.
 */
final class SequenceCounter {
    private static final BigInteger LONG_MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LONG_LEAST = BigInteger.valueOf(Long.MIN_VALUE);

    private final TableSchema.Sequence sequence;
    private final String column;
    private final int bytes;
    private final BigInteger least;
    private final BigInteger most;
    private final long smallLeast;
    private final long smallMost;
    private final long smallIncrement;
    private BigInteger next;
    private long small;
    private boolean isSmall;

    SequenceCounter(TableSchema.Sequence sequence, String column, Primitive type) {
        this.sequence = sequence;
        this.column = column;
        this.bytes = type.bytes();
        boolean signed =
                switch (type) {
                    case I8, I16, I32, I64, I128, I256 -> true;
                    case U8, U16, U32, U64, U128, U256 -> false;
                    case STRING, BOOL, F32, F64 ->
                        throw new IllegalArgumentException("Column " + column + " has a sequence and is no integer.");
                };
        this.least = signed ? BigInteger.ONE.shiftLeft(bytes * 8 - 1).negate() : BigInteger.ZERO;
        this.most = BigInteger.ONE.shiftLeft(signed ? bytes * 8 - 1 : bytes * 8).subtract(BigInteger.ONE);
        this.smallLeast = clamp(least.max(sequence.minimum()));
        this.smallMost = clamp(most.min(sequence.maximum()));
        this.smallIncrement = clamp(sequence.increment());
        this.next = sequence.start();
        next(sequence.start());
    }

    private static long clamp(BigInteger value) {
        return value.min(LONG_MOST).max(LONG_LEAST).longValue();
    }

    int columnNumber() {
        return sequence.column();
    }

    int bytes() {
        return bytes;
    }

    boolean sameAs(TableSchema.Sequence other) {
        return sequence.equals(other);
    }

    /** The number that comes next. */
    BigInteger next() {
        return isSmall ? BigInteger.valueOf(small) : next;
    }

    /** Makes this the number that comes next. */
    void next(BigInteger value) {
        next = value;
        isSmall = value.bitLength() < 63;
        small = isSmall ? value.longValue() : 0;
    }

    /** Writes the next number into a row, at the offset of its column, and counts on. */
    void write(byte[] row, int at) {
        if (isSmall && small >= smallLeast && small <= smallMost) {
            writeSmall(row, at);
            long after = small + smallIncrement;
            boolean overflow = ((small ^ after) & (smallIncrement ^ after)) < 0;
            if (!overflow && after >= smallLeast && after <= smallMost) {
                small = after;
                return;
            }
        } else {
            writeLarge(row, at);
        }
        BigInteger after = next().add(sequence.increment());
        if (after.compareTo(sequence.maximum()) > 0) {
            after = sequence.minimum();
        } else if (after.compareTo(sequence.minimum()) < 0) {
            after = sequence.maximum();
        }
        next(after);
    }

    private void writeSmall(byte[] row, int at) {
        switch (bytes) {
            case 1 -> row[at] = (byte) small;
            case 2 -> LittleEndian.putShort(row, at, (short) small);
            case 4 -> LittleEndian.putInt(row, at, (int) small);
            default -> {
                LittleEndian.putLong(row, at, small);
                for (int i = 8; i < bytes; i += 8) {
                    LittleEndian.putLong(row, at + i, small >> 63);
                }
            }
        }
    }

    private void writeLarge(byte[] row, int at) {
        BigInteger value = next();
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new StoreException(
                    StoreException.Reason.SEQUENCE_OVERFLOW,
                    "The sequence of column " + column + " came to " + value + ", which the column cannot hold.");
        }
        byte[] big = value.toByteArray();
        for (int i = 0; i < bytes; i++) {
            row[at + i] = i < big.length ? big[big.length - 1 - i] : (byte) (value.signum() >> 31);
        }
    }
}

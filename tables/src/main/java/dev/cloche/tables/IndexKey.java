package dev.cloche.tables;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.BsatnException;
import dev.cloche.values.Layout;
import dev.cloche.values.LittleEndian;
import dev.cloche.values.RowLayout;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an index: how rows are ordered by them.
 *
 * <p>The first eight bytes of a key in an order-preserving form make a number, its prefix: most comparisons need no look at the
 * row, and where the prefix holds the whole key ({@link #exact()}: integers of up to eight bytes together) none does.
 */
final class IndexKey {
    private final RowLayout layout;
    private final int[] columns;
    private final Part[] parts;
    private final boolean exact;
    private final boolean bytesDecide;

    /** How a column gets into the prefix: {@code taken} bytes of it; {@code whole} if that is all. */
    private record Part(Kind kind, int taken, boolean whole) {}

    private enum Kind {
        UNSIGNED_1,
        SIGNED_1,
        UNSIGNED_2,
        SIGNED_2,
        UNSIGNED_4,
        SIGNED_4,
        UNSIGNED_8,
        SIGNED_8,
        UNSIGNED_16,
        SIGNED_16,
        UNSIGNED_32,
        SIGNED_32,
        TEXT
    }

    IndexKey(Typespace types, RowLayout layout, List<Integer> columns) {
        this.layout = layout;
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
        List<Part> found = new ArrayList<>();
        int room = 8;
        boolean whole = true;
        for (int i = 0; i < this.columns.length && whole; i++) {
            @Nullable Kind kind = room == 0 ? null : kind(types, layout.column(this.columns[i]).type());
            if (kind == null) {
                whole = false;
            } else {
                int width = width(kind);
                int taken = Math.min(width, room);
                whole = taken == width && kind != Kind.TEXT;
                found.add(new Part(kind, taken, whole));
                room -= taken;
            }
        }
        this.parts = found.toArray(Part[]::new);
        this.exact = whole;
        boolean decide = true;
        for (int column : this.columns) {
            decide &= layout.column(column).bytesDecide();
        }
        this.bytesDecide = decide;
    }

    private static @Nullable Kind kind(Typespace types, AlgebraicType type) {
        return switch (types.resolve(type)) {
            case Product(List<AlgebraicType.Element> elements) -> elements.size() == 1 ? kind(types, elements.getFirst().type()) : null;
            case Sum(List<AlgebraicType.Variant> variants) ->
                variants.stream().allMatch(one -> types.resolve(one.type()).equals(Product.UNIT)) ? Kind.UNSIGNED_1 : null;
            case Primitive primitive -> switch (primitive) {
                case BOOL, U8 -> Kind.UNSIGNED_1;
                case I8 -> Kind.SIGNED_1;
                case U16 -> Kind.UNSIGNED_2;
                case I16 -> Kind.SIGNED_2;
                case U32 -> Kind.UNSIGNED_4;
                case I32 -> Kind.SIGNED_4;
                case U64 -> Kind.UNSIGNED_8;
                case I64 -> Kind.SIGNED_8;
                case U128 -> Kind.UNSIGNED_16;
                case I128 -> Kind.SIGNED_16;
                case U256 -> Kind.UNSIGNED_32;
                case I256 -> Kind.SIGNED_32;
                case STRING -> Kind.TEXT;
                case F32, F64 -> null;
            };
            case AlgebraicType.Array array -> null;
            case AlgebraicType.Ref ref -> null;
        };
    }

    private static int width(Kind kind) {
        return kind == Kind.TEXT ? 8 : 1 << kind.ordinal() / 2;
    }

    int columns() {
        return columns.length;
    }

    int column(int number) {
        return columns[number];
    }

    RowLayout layout() {
        return layout;
    }

    /** Whether the prefix decides between any two keys. */
    boolean exact() {
        return exact;
    }

    /** The prefix of a row's key; compares as a signed number. */
    long prefix(byte[] row, int at) {
        long prefix = 0;
        int room = 8;
        for (int i = 0; i < parts.length; i++) {
            Part part = parts[i];
            long value = read(part.kind, row, layout.offset(row, at, columns[i]));
            room -= part.taken;
            prefix |= value >>> 8 * (8 - part.taken) << 8 * room;
        }
        return prefix ^ Long.MIN_VALUE;
    }

    /** The first bytes of a value, most significant first, at the top of the result. */
    private static long read(Kind kind, byte[] bytes, int at) {
        return switch (kind) {
            case UNSIGNED_1 -> (long) bytes[at] << 56;
            case SIGNED_1 -> (long) bytes[at] << 56 ^ Long.MIN_VALUE;
            case UNSIGNED_2 -> (long) LittleEndian.getShort(bytes, at) << 48;
            case SIGNED_2 -> (long) LittleEndian.getShort(bytes, at) << 48 ^ Long.MIN_VALUE;
            case UNSIGNED_4 -> (long) LittleEndian.getInt(bytes, at) << 32;
            case SIGNED_4 -> (long) LittleEndian.getInt(bytes, at) << 32 ^ Long.MIN_VALUE;
            case UNSIGNED_8 -> LittleEndian.getLong(bytes, at);
            case SIGNED_8 -> LittleEndian.getLong(bytes, at) ^ Long.MIN_VALUE;
            case UNSIGNED_16 -> LittleEndian.getLong(bytes, at + 8);
            case SIGNED_16 -> LittleEndian.getLong(bytes, at + 8) ^ Long.MIN_VALUE;
            case UNSIGNED_32 -> LittleEndian.getLong(bytes, at + 24);
            case SIGNED_32 -> LittleEndian.getLong(bytes, at + 24) ^ Long.MIN_VALUE;
            case TEXT -> text(bytes, at);
        };
    }

    private static long text(byte[] bytes, int at) {
        int length = LittleEndian.getInt(bytes, at);
        if (length >= 8) {
            return Long.reverseBytes(LittleEndian.getLong(bytes, at + 4));
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[at + 4 + i] & 0xffL) << 56 - 8 * i;
        }
        return value;
    }

    /** Compares the keys of two rows. */
    int compare(byte[] a, int i, byte[] b, int j) {
        for (int column : columns) {
            int order = layout.column(column).compare(a, layout.offset(a, i, column), b, layout.offset(b, j, column));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** A hash of a row's key. */
    long hash(byte[] row, int at) {
        long hash = 0;
        for (int column : columns) {
            int from = layout.offset(row, at, column);
            hash = hash(hash, column, row, from);
        }
        return hash;
    }

    private long hash(long hash, int column, byte[] bytes, int at) {
        Layout of = layout.column(column);
        return bytesDecide ? AddressHash.hash(hash, bytes, at, of.skip(bytes, at)) : hash * 31 + of.hash(bytes, at);
    }

    /** Values of the first columns, to look for. */
    final class Search {
        private final byte[] bytes;
        private final int[] offsets;
        private final long low;
        private final long high;
        private final boolean decided;

        private Search(byte[] bytes, int[] offsets) {
            this.bytes = bytes;
            this.offsets = offsets;
            long prefix = 0;
            int room = 8;
            int done = 0;
            while (done < offsets.length && done < parts.length) {
                Part part = parts[done];
                room -= part.taken;
                prefix |= read(part.kind, bytes, offsets[done]) >>> 8 * (8 - part.taken) << 8 * room;
                done++;
            }
            low = prefix ^ Long.MIN_VALUE;
            high = (room == 0 ? prefix : prefix | -1L >>> 64 - 8 * room) ^ Long.MIN_VALUE;
            decided = done == offsets.length && (done == 0 || parts[done - 1].whole);
        }

        int count() {
            return offsets.length;
        }

        /** How a row, of which the prefix is known, compares with these values by so many columns as they are. */
        int compareRow(long prefix, RowPages rows, int address) {
            if (prefix < low) {
                return -1;
            }
            if (prefix > high) {
                return 1;
            }
            return decided ? 0 : compareRow(rows.bytes(address), rows.offset(address));
        }

        int compareRow(byte[] row, int at) {
            for (int i = 0; i < offsets.length; i++) {
                int column = columns[i];
                int order = layout.column(column).compare(row, layout.offset(row, at, column), bytes, offsets[i]);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        /** As {@link IndexKey#hash} of a row with these values. */
        long hash() {
            long hash = 0;
            for (int i = 0; i < offsets.length; i++) {
                hash = IndexKey.this.hash(hash, columns[i], bytes, offsets[i]);
            }
            return hash;
        }
    }

    /** The key of a row. */
    Search ofRow(byte[] row, int at) {
        int[] offsets = new int[columns.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = layout.offset(row, at, columns[i]);
        }
        return new Search(row, offsets);
    }

    /** Values that lie where these offsets say; they are known to be right. */
    Search ofChecked(byte[] bytes, int... offsets) {
        return new Search(bytes, offsets);
    }

    /** The values of the first columns, one after another. */
    Search ofValues(byte[] bytes, int count) {
        if (count > columns.length) {
            throw new StoreException(StoreException.Reason.BSATN, "The index has " + columns.length + " columns, not " + count + ".");
        }
        int[] offsets = new int[count];
        int at = 0;
        try {
            for (int i = 0; i < count; i++) {
                offsets[i] = at;
                at = layout.column(columns[i]).check(bytes, at, bytes.length);
            }
        } catch (BsatnException e) {
            throw new StoreException(StoreException.Reason.BSATN, "A key of the index is wrong: " + e.getMessage());
        }
        if (at != bytes.length) {
            throw new StoreException(StoreException.Reason.BSATN, "A key of the index has " + (bytes.length - at) + " bytes too many.");
        }
        return new Search(bytes, offsets);
    }
}

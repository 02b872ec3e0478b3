package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a product, and so of a row: its elements one behind the other. Also tells where each column lies. */
public final class RowLayout extends Layout {
    private final Layout[] columns;
    private final int[] fixedOffsets;
    private final int[] anchors;
    private final int fixedSize;
    private final int minimumSize;
    private final boolean bytesDecide;
    private final Steps checks;
    private final Steps skips;
    private final boolean named;
    /** The only value, if it takes no bytes; shared, so that few bytes never become many objects. */
    private final Value.@Nullable Product nothing;

    RowLayout(Product type, List<Layout> elements) {
        super(type);
        this.columns = elements.toArray(Layout[]::new);
        this.fixedOffsets = new int[columns.length];
        this.anchors = new int[columns.length];
        long fixed = 0;
        long minimum = 0;
        for (int i = 0; i < columns.length; i++) {
            fixedOffsets[i] = (int) fixed;
            anchors[i] = fixed == VARIABLE ? anchors[i - 1] : i;
            int size = columns[i].fixedSize();
            fixed = fixed == VARIABLE || size == VARIABLE ? VARIABLE : fixed + size;
            minimum += columns[i].minimumSize();
            if (minimum > BsatnWriter.LARGEST) {
                throw new IllegalArgumentException("Values of this type would be larger than " + BsatnWriter.LARGEST + " bytes.");
            }
        }
        this.fixedSize = (int) fixed;
        this.minimumSize = (int) minimum;
        this.bytesDecide = elements.stream().allMatch(Layout::bytesDecide);
        this.checks = steps(true);
        this.skips = steps(false);
        this.named = columns.length > 0 && type.elements().stream().allMatch(element -> element.name().isPresent());
        this.nothing = fixedSize == 0 ? nothing(elements) : null;
    }

    /**
     * The layout of a row.
     *
     * @throws IllegalArgumentException as {@link Layout#of}, and if the type is no product
     */
    public static RowLayout of(Typespace typespace, AlgebraicType type) {
        if (Layout.of(typespace, type) instanceof RowLayout row) {
            return row;
        }
        throw new IllegalArgumentException("A row is a product.");
    }

    /** How many columns there are. */
    public int columns() {
        return columns.length;
    }

    /** The layout of a column. */
    public Layout column(int number) {
        return columns[number];
    }

    /** Where a column begins, in bytes from the start of the row, if that is the same in every row; else {@link #VARIABLE}. */
    public int fixedOffset(int column) {
        return fixedOffsets[column];
    }

    /** Where a column of the row at an offset begins, in bytes from the start of the array. */
    public int offset(byte[] bytes, int at, int column) {
        int anchor = anchors[column];
        int here = at + fixedOffsets[anchor];
        for (int i = anchor; i < column; i++) {
            here = columns[i].skip(bytes, here);
        }
        return here;
    }

    private static Value.Product nothing(List<Layout> elements) {
        BsatnReader reader = new BsatnReader(new byte[0]);
        return new Value.Product(elements.stream().map(element -> element.build(reader)).toList());
    }

    /**
     * Where every column of the row at an offset begins, in bytes from the start of the array.
     *
     * @param into room for one number more than there are columns; the last is the end of the row
     */
    public void offsets(byte[] bytes, int at, int[] into) {
        int here = at;
        for (int i = 0; i < columns.length; i++) {
            into[i] = here;
            here = columns[i].skip(bytes, here);
        }
        into[columns.length] = here;
    }

    @Override
    public int fixedSize() {
        return fixedSize;
    }

    @Override
    public int minimumSize() {
        return minimumSize;
    }

    @Override
    public boolean bytesDecide() {
        return bytesDecide;
    }

    @Override
    int check(byte[] bytes, int at, int limit, int depth) {
        deeper(at, depth);
        int here = at;
        for (int i = 0; i < checks.layouts.length; i++) {
            if (checks.gaps[i] > limit - here) {
                throw missing(bytes, at, limit, depth);
            }
            here = checkColumn(bytes, here + checks.gaps[i], limit, new Place(i, depth + 1));
        }
        if (checks.tail > limit - here) {
            throw missing(bytes, at, limit, depth);
        }
        return here + checks.tail;
    }

    private record Place(int step, int depth) {}

    private int checkColumn(byte[] bytes, int at, int limit, Place place) {
        try {
            return checks.layouts[place.step].check(bytes, at, limit, place.depth);
        } catch (BsatnException e) {
            throw e.inside("." + name(checks.columns[place.step]));
        }
    }

    /** Finds the column for which the bytes do not suffice. */
    private BsatnException missing(byte[] bytes, int at, int limit, int depth) {
        int here = at;
        for (int i = 0; i < columns.length; i++) {
            try {
                here = columns[i].check(bytes, here, limit, depth + 1);
            } catch (BsatnException e) {
                return e.inside("." + name(i));
            }
        }
        throw new IllegalStateException("the row is complete");
    }

    @Override
    public int skip(byte[] bytes, int at) {
        if (fixedSize != VARIABLE) {
            return at + fixedSize;
        }
        int here = at;
        for (int i = 0; i < skips.layouts.length; i++) {
            here = skips.layouts[i].skip(bytes, here + skips.gaps[i]);
        }
        return here + skips.tail;
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        int x = i;
        int y = j;
        for (Layout column : columns) {
            int order = column.compare(a, x, b, y);
            if (order != 0) {
                return order;
            }
            x = column.skip(a, x);
            y = column.skip(b, y);
        }
        return 0;
    }

    @Override
    public boolean same(byte[] a, int i, byte[] b, int j) {
        return bytesDecide ? Arrays.equals(a, i, skip(a, i), b, j, skip(b, j)) : compare(a, i, b, j) == 0;
    }

    @Override
    public long hash(byte[] bytes, int at) {
        if (bytesDecide) {
            return super.hash(bytes, at);
        }
        long hash = columns.length;
        int here = at;
        for (Layout column : columns) {
            hash = ValueHash.mix(hash, column.hash(bytes, here));
            here = column.skip(bytes, here);
        }
        return hash;
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        if (!(value instanceof Value.Product(List<Value> elements))) {
            throw mismatch(value);
        }
        if (elements.size() != columns.length) {
            throw new ValueException("expected " + columns.length + " elements, got " + elements.size());
        }
        for (int i = 0; i < columns.length; i++) {
            try {
                columns[i].encode(elements.get(i), out);
            } catch (ValueException e) {
                throw e.inside("." + name(i));
            }
        }
    }

    @Override
    Value build(BsatnReader reader) {
        if (nothing != null) {
            return nothing;
        }
        List<Value> elements = new ArrayList<>(columns.length);
        for (Layout column : columns) {
            elements.add(column.build(reader));
        }
        return new Value.Product(elements);
    }

    /** The name of a column, or its number if it has none. */
    public String name(int column) {
        Element element = ((Product) type()).elements().get(column);
        return element.name().orElse(Integer.toString(column));
    }

    /** Whether there are columns and each has a name. */
    boolean isNamed() {
        return named;
    }

    /**
     * A walk over the row: so many bytes that need no look, then a column that does, and so on; then the tail.
     *
     * @param columns the numbers of the layouts' columns
     */
    private record Steps(int[] gaps, Layout[] layouts, int[] columns, int tail) {}

    private Steps steps(boolean checking) {
        List<Integer> gaps = new ArrayList<>();
        List<Layout> layouts = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        int gap = 0;
        for (int i = 0; i < columns.length; i++) {
            Layout column = columns[i];
            if (column.fixedSize() != VARIABLE && (!checking || column.takesAnyBits())) {
                gap += column.fixedSize();
            } else {
                gaps.add(gap);
                layouts.add(column);
                numbers.add(i);
                gap = 0;
            }
        }
        return new Steps(ints(gaps), layouts.toArray(Layout[]::new), ints(numbers), gap);
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    boolean takesAnyBits() {
        return checks.layouts.length == 0;
    }
}

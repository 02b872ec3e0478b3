package dev.cloche.values;

/**
 * How the values of one type lie in bytes (BSATN; facts, specification A, section 2.2): where they end, whether they are
 * right, and how they compare, all without decoding them.
 *
 * <p>A layout is made once for a type and then used for every value. It never changes and may be used by several threads.
 * {@link #check} is for bytes from outside; the other methods trust that {@code check} has passed.
 *
 * <p>Order: false before true; numbers by size; all NaN equal and above infinity, -0.0 equal to 0.0; text by its UTF-8
 * bytes, which is by code point; sums by tag, then payload; products by their elements in order; arrays likewise, and a
 * beginning before the longer whole.
 */
public abstract sealed class Layout permits FixedLayout, TextLayout, ArrayLayout, SumLayout, RowLayout, LinkLayout {
    /** Values nested deeper are refused: a recursive type must not exhaust the stack. */
    public static final int DEEPEST = 500;

    /** More elements that take no bytes are refused: four bytes must not stand for billions of values. */
    public static final int MOST_EMPTY_ELEMENTS = 4_096;

    /** The size of a value that differs from value to value. */
    public static final int VARIABLE = -1;

    private final AlgebraicType type;

    Layout(AlgebraicType type) {
        this.type = type;
    }

    /**
     * The layout of a type.
     *
     * @throws IllegalArgumentException if a reference leads nowhere, a type holds itself without end, or is nested too deep
     */
    public static Layout of(Typespace typespace, AlgebraicType type) {
        return new Layouts(typespace).of(type);
    }

    /** The layout of a type without references. */
    public static Layout of(AlgebraicType type) {
        return of(Typespace.EMPTY, type);
    }

    /** The type, in which references are resolved at the outermost place. */
    public final AlgebraicType type() {
        return type;
    }

    /** The size of every value in bytes, or {@link #VARIABLE}. */
    public abstract int fixedSize();

    /** A size in bytes that no value is below. */
    public abstract int minimumSize();

    /** Whether two values are equal exactly when their bytes are: true unless a float is inside. */
    public abstract boolean bytesDecide();

    /**
     * Checks the value that begins at an offset and returns where it ends.
     *
     * @param limit behind the last byte that may be read
     * @throws BsatnException if there is no such value
     */
    public final int check(byte[] bytes, int at, int limit) {
        return check(bytes, at, limit, 0);
    }

    /** Checks that the bytes are one value and nothing else. */
    public final void checkWhole(byte[] bytes) {
        int end = check(bytes, 0, bytes.length);
        if (end != bytes.length) {
            throw new BsatnException(end, "the value ends here, but " + (bytes.length - end) + " bytes follow");
        }
    }

    /** Where the value at an offset ends. */
    public abstract int skip(byte[] bytes, int at);

    /** Compares two values; negative, 0 or positive. */
    public abstract int compare(byte[] a, int i, byte[] b, int j);

    /** Whether two values are equal. */
    public boolean same(byte[] a, int i, byte[] b, int j) {
        return compare(a, i, b, j) == 0;
    }

    /** 64 bits that are the same for values that compare as 0; not for use against attackers without a seed mixed in. */
    public long hash(byte[] bytes, int at) {
        return ValueHash.of(bytes, at, skip(bytes, at));
    }

    /** Checks and decodes the value at the reader's place, and moves behind it. */
    public final Value decode(BsatnReader reader) {
        int from = reader.skip(this);
        reader.position(from);
        return build(reader);
    }

    /** Decodes bytes that are one value and nothing else. */
    public final Value decodeWhole(byte[] bytes) {
        checkWhole(bytes);
        return build(new BsatnReader(bytes));
    }

    /**
     * Appends a value in its binary form.
     *
     * @throws ValueException if it is no value of this type; part of it may have been written then
     */
    public abstract void encode(Value value, BsatnWriter out);

    /** The value in its binary form. */
    public final byte[] encode(Value value) {
        BsatnWriter out = new BsatnWriter();
        encode(value, out);
        return out.toArray();
    }

    /** The layout itself, or that for which it stands. */
    Layout resolved() {
        return this;
    }

    /** Decodes bytes that were checked. */
    abstract Value build(BsatnReader reader);

    final ValueException mismatch(Value value) {
        return new ValueException("expected " + TypeText.of(type) + ", got " + value.getClass().getSimpleName());
    }

    /** Whether any bytes of the fixed size are a value, so that only their number needs a check. */
    boolean takesAnyBits() {
        return false;
    }

    /** As {@link #check(byte[], int, int)}, for a value that is itself nested. */
    abstract int check(byte[] bytes, int at, int limit, int depth);

    static void deeper(int at, int depth) {
        if (depth >= DEEPEST) {
            throw new BsatnException(at, "the value is nested deeper than " + DEEPEST);
        }
    }

    static BsatnException tooShort(String name, int at, long needed, int limit) {
        return new BsatnException(at, name + " needs " + needed + " bytes, there are " + Math.max(0, limit - at));
    }
}

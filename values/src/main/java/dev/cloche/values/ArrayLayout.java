package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Primitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Of an array: the number of elements, then each. */
final class ArrayLayout extends Layout {
    private final Layout element;

    ArrayLayout(AlgebraicType type, Layout element) {
        super(type);
        this.element = element;
    }

    Layout element() {
        return element;
    }

    /** Whether it is an array of U8, which has shorter forms. */
    boolean ofBytes() {
        return element instanceof FixedLayout fixed && fixed.primitive() == Primitive.U8;
    }

    @Override
    public int fixedSize() {
        return VARIABLE;
    }

    @Override
    public int minimumSize() {
        return 4;
    }

    @Override
    public boolean bytesDecide() {
        return element.bytesDecide();
    }

    @Override
    int check(byte[] bytes, int at, int limit, int depth) {
        if (4 > limit - at) {
            throw tooShort("Array", at, 4, limit);
        }
        deeper(at, depth);
        long count = LittleEndian.getInt(bytes, at) & 0xffff_ffffL;
        if (element.fixedSize() == 0) {
            return empties(at, count);
        }
        long needed = count * Math.max(1, element.minimumSize());
        if (needed > limit - at - 4) {
            throw tooShort("Array", at, 4 + needed, limit);
        }
        if (element.takesAnyBits()) {
            return at + 4 + (int) needed;
        }
        return elements(bytes, at + 4, limit, new Elements((int) count, depth + 1));
    }

    private record Elements(int count, int depth) {}

    private int elements(byte[] bytes, int from, int limit, Elements all) {
        int at = from;
        int i = 0;
        try {
            for (; i < all.count; i++) {
                at = element.check(bytes, at, limit, all.depth);
            }
        } catch (BsatnException e) {
            throw e.inside("[" + i + "]");
        }
        return at;
    }

    private static int empties(int at, long count) {
        if (count > MOST_EMPTY_ELEMENTS) {
            throw new BsatnException(at, "Array has " + count + " elements without bytes; there may be " + MOST_EMPTY_ELEMENTS);
        }
        return at + 4;
    }

    @Override
    public int skip(byte[] bytes, int at) {
        int count = LittleEndian.getInt(bytes, at);
        int size = element.fixedSize();
        if (size != VARIABLE) {
            return at + 4 + count * size;
        }
        int end = at + 4;
        for (int i = 0; i < count; i++) {
            end = element.skip(bytes, end);
        }
        return end;
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        int m = LittleEndian.getInt(a, i);
        int n = LittleEndian.getInt(b, j);
        int x = i + 4;
        int y = j + 4;
        if (ofBytes()) {
            return Arrays.compareUnsigned(a, x, x + m, b, y, y + n);
        }
        int both = element.fixedSize() == 0 ? 0 : Math.min(m, n);
        for (int k = 0; k < both; k++) {
            int order = element.compare(a, x, b, y);
            if (order != 0) {
                return order;
            }
            x = element.skip(a, x);
            y = element.skip(b, y);
        }
        return Integer.compare(m, n);
    }

    @Override
    public long hash(byte[] bytes, int at) {
        if (bytesDecide()) {
            return super.hash(bytes, at);
        }
        int count = LittleEndian.getInt(bytes, at);
        long hash = count;
        int here = at + 4;
        for (int i = 0; i < count; i++) {
            hash = ValueHash.mix(hash, element.hash(bytes, here));
            here = element.skip(bytes, here);
        }
        return hash;
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        if (ofBytes() && value instanceof Value.Blob(Bytes content)) {
            out.writeU32(content.size());
            content.writeTo(out);
            return;
        }
        if (ofBytes() || !(value instanceof Value.Sequence(List<Value> elements))) {
            throw mismatch(value);
        }
        if (element.fixedSize() == 0 && elements.size() > MOST_EMPTY_ELEMENTS) {
            throw new ValueException("expected at most " + MOST_EMPTY_ELEMENTS + " elements without content, got " + elements.size());
        }
        out.writeU32(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            try {
                element.encode(elements.get(i), out);
            } catch (ValueException e) {
                throw e.inside("[" + i + "]");
            }
        }
    }

    @Override
    Value build(BsatnReader reader) {
        if (ofBytes()) {
            return new Value.Blob(Bytes.copyOf(reader.readBytes()));
        }
        int count = reader.readI32();
        if (element.fixedSize() == 0) {
            return new Value.Sequence(new Repeated(element.build(reader), count));
        }
        List<Value> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(element.build(reader));
        }
        return new Value.Sequence(elements);
    }
}

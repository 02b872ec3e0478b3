package dev.cloche.values;

import java.util.List;
import java.util.stream.IntStream;

/** Of a sum: the number of the variant in one byte, then its payload. */
final class SumLayout extends Layout {
    private final Layout[] variants;
    private final int fixedSize;
    private final int minimumSize;
    private final boolean bytesDecide;

    SumLayout(AlgebraicType.Sum type, List<Layout> variants) {
        super(type);
        this.variants = variants.toArray(Layout[]::new);
        int first = variants.isEmpty() ? VARIABLE : variants.getFirst().fixedSize();
        boolean even = first != VARIABLE && variants.stream().allMatch(one -> one.fixedSize() == first);
        this.fixedSize = even ? 1 + first : VARIABLE;
        this.minimumSize = 1 + variants.stream().mapToInt(Layout::minimumSize).min().orElse(0);
        this.bytesDecide = variants.stream().allMatch(Layout::bytesDecide);
    }

    Layout variant(int tag) {
        return variants[tag];
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
        if (1 > limit - at) {
            throw tooShort("Sum", at, 1, limit);
        }
        int tag = bytes[at] & 0xff;
        if (tag >= variants.length) {
            throw new BsatnException(at, "unknown tag 0x" + Integer.toHexString(tag) + " for sum type of " + variants.length + " variants");
        }
        deeper(at, depth);
        try {
            return variants[tag].check(bytes, at + 1, limit, depth + 1);
        } catch (BsatnException e) {
            throw e.inside("." + name(tag));
        }
    }

    @Override
    public int skip(byte[] bytes, int at) {
        return fixedSize != VARIABLE ? at + fixedSize : variants[bytes[at] & 0xff].skip(bytes, at + 1);
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        int tag = a[i] & 0xff;
        int order = tag - (b[j] & 0xff);
        return order != 0 ? order : variants[tag].compare(a, i + 1, b, j + 1);
    }

    @Override
    public long hash(byte[] bytes, int at) {
        int tag = bytes[at] & 0xff;
        return bytesDecide ? super.hash(bytes, at) : ValueHash.mix(tag, variants[tag].hash(bytes, at + 1));
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        if (!(value instanceof Value.Choice(int tag, Value payload))) {
            throw mismatch(value);
        }
        if (tag < 0 || tag >= variants.length) {
            throw new ValueException("expected a variant from 0 to " + (variants.length - 1) + ", got " + tag);
        }
        out.writeU8(tag);
        try {
            variants[tag].encode(payload, out);
        } catch (ValueException e) {
            throw e.inside("." + name(tag));
        }
    }

    @Override
    Value build(BsatnReader reader) {
        int tag = reader.readU8();
        return new Value.Choice(tag, variants[tag].build(reader));
    }

    /** The name of a variant, or its number if it has none. */
    String name(int tag) {
        return ((AlgebraicType.Sum) type()).variants().get(tag).name().orElse(Integer.toString(tag));
    }

    int count() {
        return variants.length;
    }

    /** The names of all variants, with numbers for those without. */
    List<String> names() {
        return IntStream.range(0, variants.length).mapToObj(this::name).toList();
    }

    /** The tag of the variant with this name or, in digits, this number; -1 if there is none. */
    int tag(String nameOrNumber) {
        int named = names().indexOf(nameOrNumber);
        if (named >= 0) {
            return named;
        }
        for (int tag = 0; tag < variants.length; tag++) {
            if (Integer.toString(tag).equals(nameOrNumber)) {
                return tag;
            }
        }
        return -1;
    }
}

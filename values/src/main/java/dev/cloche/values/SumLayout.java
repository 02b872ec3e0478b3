package dev.cloche.values;

import java.util.List;

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
            AlgebraicType.Variant variant = ((AlgebraicType.Sum) type()).variants().get(tag);
            throw e.inside("." + variant.name().orElse(Integer.toString(tag)));
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
}

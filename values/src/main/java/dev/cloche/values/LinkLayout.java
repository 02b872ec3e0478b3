package dev.cloche.values;

import org.jspecify.annotations.Nullable;

/** Stands for a type inside itself; knows its target when the target is complete. */
final class LinkLayout extends Layout {
    private @Nullable Layout target;
    private final boolean bytesDecide;

    LinkLayout(AlgebraicType type, boolean bytesDecide) {
        super(type);
        this.bytesDecide = bytesDecide;
    }

    void complete(Layout complete) {
        this.target = complete;
    }

    Layout target() {
        if (target == null) {
            throw new IllegalStateException("the layout is not complete yet");
        }
        return target;
    }

    @Override
    public int fixedSize() {
        return VARIABLE;
    }

    @Override
    public int minimumSize() {
        return target == null ? 0 : target.minimumSize();
    }

    @Override
    public boolean bytesDecide() {
        return bytesDecide;
    }

    @Override
    int check(byte[] bytes, int at, int limit, int depth) {
        return target().check(bytes, at, limit, depth);
    }

    @Override
    public int skip(byte[] bytes, int at) {
        return target().skip(bytes, at);
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        return target().compare(a, i, b, j);
    }

    @Override
    public long hash(byte[] bytes, int at) {
        return target().hash(bytes, at);
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        target().encode(value, out);
    }

    @Override
    Layout resolved() {
        return target();
    }

    @Override
    Value build(BsatnReader reader) {
        return target().build(reader);
    }
}

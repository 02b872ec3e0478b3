package dev.cloche.values;

import java.util.Arrays;

/** Of text: its length in bytes, then UTF-8. */
final class TextLayout extends Layout {
    TextLayout() {
        super(AlgebraicType.Primitive.STRING);
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
        return true;
    }

    @Override
    int check(byte[] bytes, int at, int limit, int depth) {
        if (4 > limit - at) {
            throw tooShort("String", at, 4, limit);
        }
        long length = LittleEndian.getInt(bytes, at) & 0xffff_ffffL;
        if (length > limit - at - 4) {
            throw tooShort("String", at, 4 + length, limit);
        }
        int end = at + 4 + (int) length;
        if (!Utf8.valid(bytes, at + 4, end)) {
            throw new BsatnException(at, "String is UTF-8");
        }
        return end;
    }

    @Override
    public int skip(byte[] bytes, int at) {
        return at + 4 + LittleEndian.getInt(bytes, at);
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        return Arrays.compareUnsigned(a, i + 4, skip(a, i), b, j + 4, skip(b, j));
    }

    @Override
    public boolean same(byte[] a, int i, byte[] b, int j) {
        return Arrays.equals(a, i, skip(a, i), b, j, skip(b, j));
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        if (!(value instanceof Value.Text(String text))) {
            throw mismatch(value);
        }
        if (!Utf8.encodable(text)) {
            throw new ValueException("expected Unicode text, got half of a surrogate pair");
        }
        out.writeString(text);
    }

    @Override
    Value build(BsatnReader reader) {
        return new Value.Text(reader.readString());
    }
}

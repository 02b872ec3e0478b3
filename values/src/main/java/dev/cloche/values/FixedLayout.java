package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Primitive;
import java.math.BigInteger;

/** Of a type without parts that is not text. */
final class FixedLayout extends Layout {
    private final Primitive primitive;
    private final int size;

    FixedLayout(Primitive primitive) {
        super(primitive);
        this.primitive = primitive;
        this.size = primitive.bytes();
    }

    Primitive primitive() {
        return primitive;
    }

    @Override
    boolean takesAnyBits() {
        return primitive != Primitive.BOOL;
    }

    @Override
    public int fixedSize() {
        return size;
    }

    @Override
    public int minimumSize() {
        return size;
    }

    @Override
    public boolean bytesDecide() {
        return primitive != Primitive.F32 && primitive != Primitive.F64;
    }

    @Override
    int check(byte[] bytes, int at, int limit, int depth) {
        if (size > limit - at) {
            throw tooShort(primitive.label(), at, size, limit);
        }
        if (primitive == Primitive.BOOL && (bytes[at] & 0xfe) != 0) {
            throw new BsatnException(at, "Bool is 0 or 1, not " + (bytes[at] & 0xff));
        }
        return at + size;
    }

    @Override
    public int skip(byte[] bytes, int at) {
        return at + size;
    }

    @Override
    public int compare(byte[] a, int i, byte[] b, int j) {
        return switch (primitive) {
            case BOOL, U8 -> (a[i] & 0xff) - (b[j] & 0xff);
            case I8 -> a[i] - b[j];
            case I16 -> LittleEndian.getShort(a, i) - LittleEndian.getShort(b, j);
            case U16 -> (LittleEndian.getShort(a, i) & 0xffff) - (LittleEndian.getShort(b, j) & 0xffff);
            case I32 -> Integer.compare(LittleEndian.getInt(a, i), LittleEndian.getInt(b, j));
            case U32 -> Integer.compareUnsigned(LittleEndian.getInt(a, i), LittleEndian.getInt(b, j));
            case I64 -> Long.compare(LittleEndian.getLong(a, i), LittleEndian.getLong(b, j));
            case U64 -> Long.compareUnsigned(LittleEndian.getLong(a, i), LittleEndian.getLong(b, j));
            case I128, I256 -> WideIntegers.compare(a, i, b, j, size, true);
            case U128, U256 -> WideIntegers.compare(a, i, b, j, size, false);
            // adding 0.0 turns -0.0 into 0.0; compare puts NaN on top
            case F32 -> Float.compare(single(a, i) + 0.0f, single(b, j) + 0.0f);
            case F64 -> Double.compare(real(a, i) + 0.0, real(b, j) + 0.0);
            case STRING -> throw new IllegalStateException("text has a layout of its own");
        };
    }

    @Override
    public long hash(byte[] bytes, int at) {
        return switch (primitive) {
            case F32 -> ValueHash.mix(4, Float.floatToIntBits(single(bytes, at) + 0.0f));
            case F64 -> ValueHash.mix(8, Double.doubleToLongBits(real(bytes, at) + 0.0));
            default -> ValueHash.of(bytes, at, at + size);
        };
    }

    private static float single(byte[] bytes, int at) {
        return Float.intBitsToFloat(LittleEndian.getInt(bytes, at));
    }

    private static double real(byte[] bytes, int at) {
        return Double.longBitsToDouble(LittleEndian.getLong(bytes, at));
    }

    @Override
    public void encode(Value value, BsatnWriter out) {
        switch (value) {
            case Value.Bool(boolean bool) when primitive == Primitive.BOOL -> out.writeBool(bool);
            case Value.Whole(BigInteger number) when primitive.isInteger() -> {
                if (!primitive.holds(number)) {
                    throw new ValueException("expected " + primitive.label() + ", got " + number);
                }
                out.writeInteger(primitive, number);
            }
            case Value.Single(float number) when primitive == Primitive.F32 -> out.writeF32(number);
            case Value.Real(double number) when primitive == Primitive.F64 -> out.writeF64(number);
            default -> throw mismatch(value);
        }
    }

    @Override
    Value build(BsatnReader reader) {
        return switch (primitive) {
            case BOOL -> new Value.Bool(reader.readBool());
            case F32 -> new Value.Single(reader.readF32());
            case F64 -> new Value.Real(reader.readF64());
            default -> new Value.Whole(reader.readInteger(primitive));
        };
    }
}

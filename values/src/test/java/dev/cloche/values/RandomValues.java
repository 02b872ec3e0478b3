package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random types, and random values of them: edges of the ranges more often than chance would have it. */
final class RandomValues {
    private static final String[] LETTERS = {"a", "Z", "0", " ", "\"", "\\", "\n", "ä", "€", "😀", "\u0000", "#"};

    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    AlgebraicType type(int depth) {
        int choice = random.nextInt(depth > 0 ? 24 : 16);
        return switch (choice) {
            case 16, 17 -> product(depth);
            case 18 -> sum(depth);
            case 19, 20 -> new Array(type(depth - 1));
            case 21 -> option(depth);
            case 22 -> {
                AlgebraicType both = type(depth - 1);
                yield SpecialType.result(both, both);
            }
            case 23 -> SpecialType.values()[random.nextInt(SpecialType.values().length)].type();
            default -> Primitive.values()[choice];
        };
    }

    private Product product(int depth) {
        List<Element> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            elements.add(Element.of("f" + i, type(depth - 1)));
        }
        return new Product(elements);
    }

    private Sum sum(int depth) {
        List<Variant> variants = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            variants.add(Variant.of("v" + i, random.nextInt(3) == 0 ? Product.UNIT : type(depth - 1)));
        }
        return new Sum(variants);
    }

    /** Not of an option: JavaScript has one word for both kinds of nothing. */
    private AlgebraicType option(int depth) {
        AlgebraicType inner = type(depth - 1);
        return SpecialType.optional(inner).isPresent() ? inner : SpecialType.option(inner);
    }

    Value value(AlgebraicType type) {
        return switch (type) {
            case AlgebraicType.Ref reference -> throw new IllegalArgumentException(reference.toString());
            case Array(AlgebraicType element) -> {
                int count = random.nextInt(5);
                if (element == Primitive.U8) {
                    byte[] bytes = new byte[count];
                    random.nextBytes(bytes);
                    yield new Value.Blob(Bytes.copyOf(bytes));
                }
                List<Value> elements = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    elements.add(value(element));
                }
                yield new Value.Sequence(elements);
            }
            case Product(List<Element> elements) -> new Value.Product(elements.stream().map(one -> value(one.type())).toList());
            case Sum(List<Variant> variants) -> {
                int tag = random.nextInt(variants.size());
                yield new Value.Choice(tag, value(variants.get(tag).type()));
            }
            case Primitive.BOOL -> new Value.Bool(random.nextBoolean());
            case Primitive.STRING -> new Value.Text(text());
            case Primitive.F32 -> new Value.Single(oneOf(0f, -0f, 1f, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE, (float) random.nextGaussian(), finite()));
            case Primitive.F64 -> new Value.Real(oneOf(0d, -0d, 1d, Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, 1e21, random.nextGaussian() * 1e9));
            case Primitive integer -> new Value.Whole(integer(integer));
        };
    }

    private float finite() {
        float number = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(number) ? number : 2f;
    }

    private BigInteger integer(Primitive type) {
        int bits = 8 * type.bytes();
        BigInteger unsigned = switch (random.nextInt(4)) {
            case 0 -> BigInteger.valueOf(random.nextInt(3));
            case 1 -> BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).shiftRight(random.nextInt(2));
            case 2 -> BigInteger.ONE.shiftLeft(random.nextInt(bits));
            default -> new BigInteger(bits, random);
        };
        return type.isSigned() && unsigned.testBit(bits - 1) ? unsigned.subtract(BigInteger.ONE.shiftLeft(bits)) : unsigned;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** Writes a line with type, value and bytes for each of so many values; for the oracle. */
    void write(int count, java.io.Writer out) throws java.io.IOException {
        Layout types = Layout.of(MetaTypes.TYPESPACE, MetaTypes.TYPE);
        for (int i = count; i > 0; i--) {
            AlgebraicType type = type(4);
            Value value = value(type);
            BsatnWriter written = new BsatnWriter();
            MetaTypes.write(type, written);
            Layout layout = Layout.of(type);
            out.write(SatsJson.text(types, types.decodeWhole(written.toArray()), SatsJson.Form.TYPED));
            out.write('\t');
            out.write(SatsJson.text(layout, value, SatsJson.Form.TYPED));
            out.write('\t');
            out.write(Bytes.copyOf(layout.encode(value)).toString());
            out.write('\n');
        }
    }
}

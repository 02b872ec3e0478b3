package dev.cloche.values;

import java.math.BigInteger;
import java.util.List;

/**
 * A decoded value, for JSON, SQL and screens; rows in tables stay bytes.
 *
 * <p>It does not know its type: {@link Layout#decode} and {@link Layout#encode} do. Two values are equal if all their parts
 * are; of floats every bit counts but those inside NaN.
 */
public sealed interface Value {
    /** True or false. */
    record Bool(boolean value) implements Value {}

    /** An integer of any width. */
    record Whole(BigInteger value) implements Value {
        /** Of a number that fits into 64 bits with sign. */
        public static Whole of(long value) {
            return new Whole(BigInteger.valueOf(value));
        }
    }

    /** F32. */
    record Single(float value) implements Value {}

    /** F64. */
    record Real(double value) implements Value {}

    /** String. */
    record Text(String value) implements Value {}

    /** An array of U8. */
    record Blob(Bytes value) implements Value {}

    /** An array of anything but U8. */
    record Sequence(List<Value> elements) implements Value {
        /** Copies the elements. */
        public Sequence {
            elements = elements instanceof Repeated ? elements : List.copyOf(elements);
        }
    }

    /** A product, also a row. */
    record Product(List<Value> elements) implements Value {
        /** Without elements. */
        public static final Product UNIT = new Product(List.of());

        /** Copies the elements. */
        public Product {
            elements = List.copyOf(elements);
        }

        /** Of these elements. */
        public static Product of(Value... elements) {
            return new Product(List.of(elements));
        }
    }

    /**
     * One variant of a sum.
     *
     * @param tag the number of the variant, 0 to 255
     */
    record Choice(int tag, Value payload) implements Value {
        /** {@code some} of an option, {@code ok} of a result. */
        public static Choice some(Value payload) {
            return new Choice(0, payload);
        }

        /** {@code none} of an option. */
        public static Choice none() {
            return new Choice(1, Product.UNIT);
        }
    }
}

package dev.cloche.values;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A type of the SpacetimeDB algebraic type system (SATS): what a value may be.
 *
 * <p>The order of the records here is the order of the tags in the binary form (facts, specification A, section 2.1).
 */
public sealed interface AlgebraicType {
    /** Another type of the same {@link Typespace}, by its place there; how types become recursive. */
    record Ref(int index) implements AlgebraicType {
        /** Checks the index. */
        public Ref {
            if (index < 0) {
                throw new IllegalArgumentException("A reference is at least 0, not " + index + ".");
            }
        }
    }

    /** One of several variants, each with a payload. */
    record Sum(List<Variant> variants) implements AlgebraicType {
        /** Copies the variants. */
        public Sum {
            variants = List.copyOf(variants);
        }
    }

    /** Several elements side by side. */
    record Product(List<Element> elements) implements AlgebraicType {
        /** Without any element. */
        public static final Product UNIT = new Product(List.of());

        /** Copies the elements. */
        public Product {
            elements = List.copyOf(elements);
        }
    }

    /** Any number of elements of one type. */
    record Array(AlgebraicType element) implements AlgebraicType {}

    /** A type without parts; the order of the constants is the order of the tags from 4 on. */
    enum Primitive implements AlgebraicType {
        /** Text; UTF-8 in the binary form. */
        STRING(-1),
        /** True or false. */
        BOOL(1),
        /** Signed, 8 bits. */
        I8(1),
        /** Unsigned, 8 bits. */
        U8(1),
        /** Signed, 16 bits. */
        I16(2),
        /** Unsigned, 16 bits. */
        U16(2),
        /** Signed, 32 bits. */
        I32(4),
        /** Unsigned, 32 bits. */
        U32(4),
        /** Signed, 64 bits. */
        I64(8),
        /** Unsigned, 64 bits. */
        U64(8),
        /** Signed, 128 bits. */
        I128(16),
        /** Unsigned, 128 bits. */
        U128(16),
        /** Signed, 256 bits. */
        I256(32),
        /** Unsigned, 256 bits. */
        U256(32),
        /** IEEE 754, 32 bits. */
        F32(4),
        /** IEEE 754, 64 bits. */
        F64(8);

        private final int bytes;

        Primitive(int bytes) {
            this.bytes = bytes;
        }

        /** Its bytes in the binary form, or -1 where the value decides ({@link #STRING}). */
        public int bytes() {
            return bytes;
        }

        /** Its tag in the binary form of types. */
        public int tag() {
            return ordinal() + 4;
        }

        /** Its name in messages and in JSON: {@code U8}, {@code String}. */
        public String label() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        /** Whether it is one of {@link #I8} to {@link #U256}. */
        public boolean isInteger() {
            return compareTo(I8) >= 0 && compareTo(U256) <= 0;
        }

        /** Whether it is an integer that may be negative. */
        public boolean isSigned() {
            return isInteger() && (ordinal() - I8.ordinal()) % 2 == 0;
        }

        /** Whether this number is one of its values; false if it is no integer type. */
        public boolean holds(BigInteger value) {
            return isInteger()
                    && (isSigned() ? value.bitLength() < 8 * bytes : value.signum() >= 0 && value.bitLength() <= 8 * bytes);
        }
    }

    /** A part of a product. */
    record Element(Optional<String> name, AlgebraicType type) {
        /** With a name. */
        public static Element of(String name, AlgebraicType type) {
            return new Element(Optional.of(name), type);
        }
    }

    /** A way for a sum to be. */
    record Variant(Optional<String> name, AlgebraicType type) {
        /** With a name. */
        public static Variant of(String name, AlgebraicType type) {
            return new Variant(Optional.of(name), type);
        }
    }
}

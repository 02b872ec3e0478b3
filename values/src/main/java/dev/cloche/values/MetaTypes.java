package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Types as values: {@link AlgebraicType} is itself a type of the system (facts, specification A, section 2.1), so that types
 * have a binary form and a JSON form like any value.
 */
public final class MetaTypes {
    /** The type of types, in a typespace where it is number 0. */
    public static final AlgebraicType TYPE = new Ref(0);

    /** The type of {@link Product}, in a typespace where the type of types is number 0. */
    public static final Product PRODUCT = list("elements");

    /** Types written inside one another deeper than this are refused; references may go further. */
    public static final int DEEPEST = 100;

    /** The typespace with the type of types as number 0. */
    public static final Typespace TYPESPACE = new Typespace(List.of(typeOfTypes()));

    private MetaTypes() {}

    /** Reads a type; {@link BsatnException} if there is none or it is nested deeper than {@link #DEEPEST}. */
    public static AlgebraicType read(BsatnReader reader) {
        return read(reader, 0);
    }

    /** Reads a product without the tag that would make it a type, as definitions have it for rows and parameters. */
    public static Product readProduct(BsatnReader reader) {
        return readProduct(reader, 0);
    }

    /** Appends a type. */
    public static void write(AlgebraicType type, BsatnWriter out) {
        switch (type) {
            case Ref(int index) -> out.writeU8(0).writeU32(index);
            case Sum(List<Variant> variants) -> {
                out.writeU8(1).writeU32(variants.size());
                for (Variant variant : variants) {
                    writePart(variant.name(), variant.type(), out);
                }
            }
            case Product product -> writeProduct(product, out.writeU8(2));
            case Array(AlgebraicType element) -> write(element, out.writeU8(3));
            case Primitive primitive -> out.writeU8(primitive.tag());
        }
    }

    /** Appends a product without the tag that would make it a type. */
    public static void writeProduct(Product product, BsatnWriter out) {
        out.writeU32(product.elements().size());
        for (Element element : product.elements()) {
            writePart(element.name(), element.type(), out);
        }
    }

    /** Reads an optional text. */
    public static Optional<String> readOptionalString(BsatnReader reader) {
        return reader.readTag(2, "Option") == 0 ? Optional.of(reader.readString()) : Optional.empty();
    }

    /** Appends an optional text. */
    public static void writeOptionalString(Optional<String> text, BsatnWriter out) {
        text.ifPresentOrElse(present -> out.writeU8(0).writeString(present), () -> out.writeU8(1));
    }

    private static AlgebraicType read(BsatnReader reader, int depth) {
        if (depth > DEEPEST) {
            throw new BsatnException(reader.position(), "the type is nested deeper than " + DEEPEST);
        }
        int tag = reader.readTag(20, "AlgebraicType");
        return switch (tag) {
            case 0 -> new Ref(index(reader));
            case 1 -> {
                int count = reader.readCount(2);
                List<Variant> variants = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    variants.add(new Variant(readOptionalString(reader), read(reader, depth + 1)));
                }
                yield new Sum(variants);
            }
            case 2 -> readProduct(reader, depth);
            case 3 -> new Array(read(reader, depth + 1));
            default -> Primitive.values()[tag - 4];
        };
    }

    private static Product readProduct(BsatnReader reader, int depth) {
        int count = reader.readCount(2);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(new Element(readOptionalString(reader), read(reader, depth + 1)));
        }
        return new Product(elements);
    }

    private static int index(BsatnReader reader) {
        int at = reader.position();
        int index = reader.readI32();
        if (index < 0) {
            throw new BsatnException(at, "Ref is less than 2147483648");
        }
        return index;
    }

    private static void writePart(Optional<String> name, AlgebraicType type, BsatnWriter out) {
        writeOptionalString(name, out);
        write(type, out);
    }

    private static Product list(String name) {
        Product part = new Product(List.of(
                Element.of("name", SpecialType.option(Primitive.STRING)), Element.of("algebraic_type", TYPE)));
        return new Product(List.of(Element.of(name, new Array(part))));
    }

    private static Sum typeOfTypes() {
        List<Variant> variants = new ArrayList<>(List.of(
                Variant.of("Ref", Primitive.U32), Variant.of("Sum", list("variants")), Variant.of("Product", PRODUCT), Variant.of("Array", TYPE)));
        for (Primitive primitive : Primitive.values()) {
            variants.add(Variant.of(primitive.label(), Product.UNIT));
        }
        return new Sum(variants);
    }
}

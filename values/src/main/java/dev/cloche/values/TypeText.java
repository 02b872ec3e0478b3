package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Variant;
import java.util.List;
import java.util.Optional;

/** Types as people read them: {@code Array<U8>}, {@code Option<Identity>}, {@code {x: F32, y: F32}}, {@code &3}. */
public final class TypeText {
    /** Longer text is cut. */
    private static final int LONGEST = 300;

    private TypeText() {}

    /** The text of a type, at most about 300 characters long; for messages. */
    public static String of(AlgebraicType type) {
        StringBuilder text = new StringBuilder();
        write(type, text);
        return text.length() <= LONGEST ? text.toString() : text.substring(0, LONGEST) + "...";
    }

    private static void write(AlgebraicType type, StringBuilder out) {
        if (out.length() > LONGEST) {
            return;
        }
        Optional<String> special = SpecialType.of(type).map(SpecialType::label);
        if (special.isPresent()) {
            out.append(special.get());
            return;
        }
        switch (type) {
            case Primitive primitive -> out.append(primitive.label());
            case AlgebraicType.Ref(int index) -> out.append('&').append(index);
            case AlgebraicType.Array(AlgebraicType element) -> wrapped("Array", List.of(element), out);
            case AlgebraicType.Product(List<Element> elements) -> product(elements, out);
            case AlgebraicType.Sum(List<Variant> variants) -> sum(type, variants, out);
        }
    }

    private static void sum(AlgebraicType type, List<Variant> variants, StringBuilder out) {
        if (SpecialType.optional(type).isPresent()) {
            wrapped("Option", List.of(variants.getFirst().type()), out);
        } else if (SpecialType.isResult(type)) {
            wrapped("Result", List.of(variants.getFirst().type(), variants.get(1).type()), out);
        } else {
            out.append('(');
            for (int i = 0; i < variants.size(); i++) {
                out.append(i == 0 ? "" : " | ").append(variants.get(i).name().orElse(Integer.toString(i)));
                if (!variants.get(i).type().equals(AlgebraicType.Product.UNIT)) {
                    out.append(": ");
                    write(variants.get(i).type(), out);
                }
            }
            out.append(')');
        }
    }

    private static void product(List<Element> elements, StringBuilder out) {
        out.append('{');
        for (int i = 0; i < elements.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(elements.get(i).name().orElse(Integer.toString(i))).append(": ");
            write(elements.get(i).type(), out);
        }
        out.append('}');
    }

    private static void wrapped(String name, List<AlgebraicType> inner, StringBuilder out) {
        out.append(name).append('<');
        for (int i = 0; i < inner.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(inner.get(i), out);
        }
        out.append('>');
    }
}

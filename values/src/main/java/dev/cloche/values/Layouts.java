package dev.cloche.values;

import dev.cloche.values.AlgebraicType.Primitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes layouts of the types of one typespace, each type of it once, with a link where it comes back to itself. For those who
 * need many; {@link Layout#of} is for one. Not for several threads.
 */
public final class Layouts {
    private final Typespace typespace;
    private final Map<Integer, Layout> complete = new HashMap<>();
    private final Map<Integer, Open> open = new HashMap<>();

    /** A type that is being made; {@code choices} counts the sums and arrays around it. */
    private record Open(LinkLayout link, int choices) {}

    /** For this typespace. */
    public Layouts(Typespace typespace) {
        this.typespace = typespace;
    }

    /**
     * The layout of a type.
     *
     * @throws IllegalArgumentException as {@link Layout#of}
     */
    public Layout of(AlgebraicType type) {
        open.clear(); // what an exception left behind
        return compile(type, 0, 0);
    }

    private Layout compile(AlgebraicType type, int depth, int choices) {
        if (depth > Layout.DEEPEST) {
            throw new IllegalArgumentException("The type is nested deeper than " + Layout.DEEPEST + ".");
        }
        return switch (type) {
            case AlgebraicType.Ref(int index) -> reference(index, depth, choices);
            case AlgebraicType.Sum sum -> {
                List<Layout> variants = new ArrayList<>();
                for (AlgebraicType.Variant variant : sum.variants()) {
                    variants.add(compile(variant.type(), depth + 1, choices + 1));
                }
                yield new SumLayout(sum, variants);
            }
            case AlgebraicType.Product product -> {
                List<Layout> elements = new ArrayList<>();
                for (AlgebraicType.Element element : product.elements()) {
                    elements.add(compile(element.type(), depth + 1, choices));
                }
                yield new RowLayout(product, elements);
            }
            case AlgebraicType.Array array -> new ArrayLayout(array, compile(array.element(), depth + 1, choices + 1));
            case Primitive.STRING -> new TextLayout();
            case Primitive primitive -> new FixedLayout(primitive);
        };
    }

    private Layout reference(int index, int depth, int choices) {
        AlgebraicType target = target(index);
        Layout known = complete.get(index);
        if (known != null) {
            return known;
        }
        Open around = open.get(index);
        if (around != null) {
            if (around.choices == choices) {
                throw new IllegalArgumentException("Type number " + index + " holds itself in every value, without end.");
            }
            return around.link;
        }
        LinkLayout link = new LinkLayout(target, !holdsFloats(target, new HashSet<>()));
        open.put(index, new Open(link, choices));
        Layout made = compile(target, depth + 1, choices);
        open.remove(index);
        link.complete(made);
        complete.put(index, made);
        return made;
    }

    private AlgebraicType target(int index) {
        if (index >= typespace.types().size()) {
            throw new IllegalArgumentException("There is no type number " + index + " among " + typespace.types().size() + ".");
        }
        return typespace.types().get(index);
    }

    private boolean holdsFloats(AlgebraicType type, Set<Integer> seen) {
        return switch (type) {
            case AlgebraicType.Ref(int index) -> seen.add(index) && holdsFloats(target(index), seen);
            case AlgebraicType.Sum(List<AlgebraicType.Variant> variants) ->
                    variants.stream().anyMatch(one -> holdsFloats(one.type(), seen));
            case AlgebraicType.Product(List<AlgebraicType.Element> elements) ->
                    elements.stream().anyMatch(one -> holdsFloats(one.type(), seen));
            case AlgebraicType.Array(AlgebraicType element) -> holdsFloats(element, seen);
            case Primitive primitive -> primitive == Primitive.F32 || primitive == Primitive.F64;
        };
    }
}

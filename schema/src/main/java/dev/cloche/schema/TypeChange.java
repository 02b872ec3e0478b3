package dev.cloche.schema;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.Typespace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells whether values of a type of one typespace are still values of a type of another, and mean the same. */
final class TypeChange {
    /** The later, the more has changed. */
    enum Kind {
        /** Same structure, same names. */
        SAME,
        /** Every old value is a new one: sums have more variants at their end. */
        EXTENDED,
        /** Old bytes are no values of the new type, or mean something else. */
        OTHER
    }

    private final Typespace before;
    private final Typespace after;

    TypeChange(Typespace before, Typespace after) {
        this.before = before;
        this.after = after;
    }

    Kind kind(AlgebraicType was, AlgebraicType now) {
        return kind(was, now, new HashSet<>());
    }

    private record Pair(AlgebraicType was, AlgebraicType now) {}

    private Kind kind(AlgebraicType was, AlgebraicType now, Set<Pair> assumed) {
        if ((was instanceof Ref || now instanceof Ref) && !assumed.add(new Pair(was, now))) {
            return Kind.SAME; // compared further out
        }
        AlgebraicType from = before.resolve(was);
        AlgebraicType to = after.resolve(now);
        if (from instanceof Product(List<Element> old) && to instanceof Product(List<Element> elements) && old.size() == elements.size()) {
            Kind worst = Kind.SAME;
            for (int i = 0; i < old.size(); i++) {
                worst = worse(worst, old.get(i).name().equals(elements.get(i).name()) ? Kind.SAME : Kind.OTHER);
                worst = worse(worst, kind(old.get(i).type(), elements.get(i).type(), assumed));
            }
            return worst;
        }
        if (from instanceof Sum(List<Variant> old) && to instanceof Sum(List<Variant> variants) && old.size() <= variants.size()) {
            Kind worst = old.size() < variants.size() ? Kind.EXTENDED : Kind.SAME;
            for (int i = 0; i < old.size(); i++) {
                worst = worse(worst, old.get(i).name().equals(variants.get(i).name()) ? Kind.SAME : Kind.OTHER);
                worst = worse(worst, kind(old.get(i).type(), variants.get(i).type(), assumed));
            }
            return worst;
        }
        if (from instanceof Array(AlgebraicType old) && to instanceof Array(AlgebraicType element)) {
            return kind(old, element, assumed);
        }
        return from instanceof Primitive && from == to ? Kind.SAME : Kind.OTHER;
    }

    private static Kind worse(Kind a, Kind b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}

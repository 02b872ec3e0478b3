package dev.cloche.values;

import java.util.List;

/** The types of a module that others refer to by their place here. */
public record Typespace(List<AlgebraicType> types) {
    /** Without any type. */
    public static final Typespace EMPTY = new Typespace(List.of());

    /** Copies the types. */
    public Typespace {
        types = List.copyOf(types);
    }

    /** The type itself, or what it refers to, through any chain of references. */
    public AlgebraicType resolve(AlgebraicType type) {
        AlgebraicType found = type;
        for (int steps = 0; found instanceof AlgebraicType.Ref(int index); steps++) {
            if (index >= types.size() || steps > types.size()) {
                throw new IllegalArgumentException("There is no type number " + index + " among " + types.size() + ".");
            }
            found = types.get(index);
        }
        return found;
    }
}

package dev.cloche.schema;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a definition, so that its author sees all of it at once. */
final class Faults {
    /** Further ones would not be read. */
    private static final int MOST = 100;

    private final List<FieldError> errors = new ArrayList<>();

    void add(String place, String rule, String message) {
        if (errors.size() < MOST) {
            errors.add(new FieldError(place, rule, place + ": " + message));
        }
    }

    boolean none() {
        return errors.isEmpty();
    }

    /** Names that are used twice, or are no names. */
    void checkNames(String place, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!name.matches("[\\p{L}_][\\p{L}\\p{N}_]{0,127}")) {
                add(place + "." + cut(name), "name", "a name is a letter or _, then up to 127 letters, digits or _.");
            } else if (!seen.add(name)) {
                add(place + "." + name, "duplicate", "the name " + name + " is used twice; names are compared in their canonical form.");
            }
        }
    }

    void throwAny() {
        if (!none()) {
            throw Problem.fields(errors);
        }
    }

    private static String cut(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "...";
    }
}

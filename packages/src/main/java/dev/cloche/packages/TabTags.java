package dev.cloche.packages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The wheel tags that the engine in the tab takes, best first (PEP 425). Immutable. */
final class TabTags {
    private static final int FIRST_STABLE_ABI = 2;

    private final Map<String, Integer> rank = new HashMap<>();
    private final List<String> ordered;

    /** The tags of this engine. */
    TabTags(TabEnvironment environment) {
        List<String> tags = new ArrayList<>();
        // Older tools call the same platform by the distribution's name.
        List<String> platforms = List.of(environment.platform(), environment.platform().replace("pyemscripten_", "pyodide_"));
        String cp = "cp3" + environment.minor();
        for (String platform : platforms) {
            tags.add(cp + "-" + cp + "-" + platform);
            tags.add(cp + "-abi3-" + platform);
            tags.add(cp + "-none-" + platform);
            for (int minor = environment.minor() - 1; minor >= FIRST_STABLE_ABI; minor--) {
                tags.add("cp3" + minor + "-abi3-" + platform);
            }
        }
        List<String> pythons = pythons(environment);
        for (String platform : platforms) {
            pythons.forEach(p -> tags.add(p + "-none-" + platform));
        }
        tags.add(cp + "-none-any");
        pythons.forEach(p -> tags.add(p + "-none-any"));
        ordered = List.copyOf(tags);
        for (int i = 0; i < ordered.size(); i++) {
            rank.putIfAbsent(ordered.get(i), i);
        }
    }

    /** All tags, best first. */
    List<String> ordered() {
        return ordered;
    }

    /** How well the wheel fits, 0 being best; empty if the tab cannot load it. */
    OptionalInt rank(WheelFile wheel) {
        return wheel.tags().stream().filter(rank::containsKey).mapToInt(rank::get).min();
    }

    private static List<String> pythons(TabEnvironment environment) {
        List<String> all = new ArrayList<>(List.of("py3" + environment.minor(), "py3"));
        for (int minor = environment.minor() - 1; minor >= 0; minor--) {
            all.add("py3" + minor);
        }
        return all;
    }
}

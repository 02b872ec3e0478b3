package dev.cloche.bindings;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Names as languages write them. One instance gives each name once. */
final class Names {
    private final Set<String> taken = new HashSet<>();

    Names(List<String> reserved) {
        taken.addAll(reserved);
    }

    /** The name, with an underscore or a number behind it where it is taken. */
    String fresh(String wanted) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "_" + (i == 1 ? "" : Integer.toString(i));
        }
        return name;
    }

    /** {@code send_message} as {@code sendMessage}. */
    static String camel(String name) {
        String pascal = pascal(name);
        return pascal.isEmpty() ? "_" : pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    }

    /** {@code game_state} as {@code GameState}; what is no letter, digit or underscore goes. */
    static String pascal(String name) {
        String joined = Arrays.stream(name.split("[^A-Za-z0-9]+")).filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)).collect(Collectors.joining());
        return joined.isEmpty() || Character.isDigit(joined.charAt(0)) ? "T" + joined : joined;
    }
}

package dev.cloche.identity;

import dev.cloche.kernel.Problem;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a personal token may be used for; a session has all of them. */
public enum Scope {
    /** See projects, workspaces, files, apps. */
    READ,
    /** Change workspaces and files. */
    WRITE,
    /** Publish, roll back and remove apps. */
    PUBLISH,
    /** Manage people, members, tokens, the server. */
    ADMIN,
    /** Do the work of others: run calls and tasks of workers. */
    WORK;

    /** The scope of this name, in small letters. */
    public static Scope parse(String name) {
        return Arrays.stream(values())
                .filter(s -> s.label().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.field("scopes", "enum", "'" + name + "' is not a scope; there are "
                        + Arrays.stream(values()).map(Scope::label).collect(Collectors.joining(", ")) + "."));
    }

    /** The name in small letters, as in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

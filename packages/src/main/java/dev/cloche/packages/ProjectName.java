package dev.cloche.packages;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a Python project in its normal form (PEP 503): lower case, with {@code -} for each run of {@code -_.}.
 *
 * @param value 1 to 200 ASCII characters
 */
record ProjectName(String value) implements Comparable<ProjectName> {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,198}[a-zA-Z0-9])?");
    private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");

    /** Normalises; a text that is no name is an {@link IllegalArgumentException}. */
    ProjectName {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is not the name of a Python package");
        }
        value = SEPARATORS.matcher(value).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    /** The name, if the text is one. */
    static Optional<ProjectName> parse(String text) {
        return VALID.matcher(text).matches() ? Optional.of(new ProjectName(text)) : Optional.empty();
    }

    @Override
    public int compareTo(ProjectName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

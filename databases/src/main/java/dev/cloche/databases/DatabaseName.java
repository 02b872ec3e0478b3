package dev.cloche.databases;

import dev.cloche.kernel.Problem;
import java.util.regex.Pattern;

/**
 * A name by which clients find a database: groups of {@code a-z} and {@code 0-9} joined by single hyphens, at most 64
 * characters, and not 64 hexadecimal digits, which would be an identity.
 */
public record DatabaseName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern IDENTITY = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST = 64;

    /** Checks the form. */
    public DatabaseName {
        if (value.length() > LONGEST || !FORM.matcher(value).matches() || IDENTITY.matcher(value).matches()) {
            throw Problem.field("name", "database-name",
                    "A database's name has groups of a-z and 0-9 joined by single hyphens, at most " + LONGEST + " characters, and is not an identity.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

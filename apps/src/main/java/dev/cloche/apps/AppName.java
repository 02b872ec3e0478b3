package dev.cloche.apps;

import dev.cloche.kernel.Problem;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of an app, unique on the server; it is a label of a host name (RFC 1123, section 2.1).
 *
 * @param value 1 to 40 small letters, digits and hyphens
 */
public record AppName(String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    /** Names that people would take for a part of the platform. */
    private static final Set<String> RESERVED = Set.of(
            "account", "accounts", "admin", "administrator", "api", "app", "apps", "assets", "auth", "cdn", "cloche", "console",
            "dashboard", "docs", "engine", "ftp", "git", "health", "help", "host", "hosts", "imap", "localhost", "login",
            "logout", "mail", "metrics", "npm", "ns1", "ns2", "oauth", "preview", "pypi", "root", "security", "server",
            "settings", "sign-in", "signin", "smtp", "sso", "static", "status", "support", "system", "workspace",
            "workspaces", "www");

    /** Checks shape and reservation. */
    public AppName {
        if (!SHAPE.matcher(value).matches()) {
            throw Problem.field("name", "pattern",
                    "The name of an app has 1 to 40 small letters, digits and hyphens, and no hyphen at its ends.");
        }
        // such labels are for names in other scripts (RFC 5890, section 2.3.1)
        if (value.startsWith("--", 2)) {
            throw Problem.field("name", "pattern", "The name of an app has no hyphens as both its third and fourth character.");
        }
        if (RESERVED.contains(value)) {
            throw Problem.field("name", "reserved", "The name '" + value + "' is reserved for the platform; choose another one.");
        }
    }

    /** Whether a text can be the name of an app. */
    static boolean isName(String text) {
        return SHAPE.matcher(text).matches() && !text.startsWith("--", 2) && !RESERVED.contains(text);
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.cloche.identity;

import dev.cloche.kernel.Problem;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * The name of a project in URLs such as {@code /PROJECT/app/NAME/}.
 *
 * @param text 1 to 40 of a-z, 0-9 and hyphens, none at the ends, and none of the platform's own first segments
 */
record Slug(String text) {
    private static final Set<String> RESERVED = Set.of("api", "app", "apps", "assets", "audit", "account", "application-server", "databases",
            "engine", "git", "health", "mcp", "metrics", "npm", "openapi", "packages", "people", "projects", "pypi", "rpc", "runtimes", "settings",
            "sign-in", "task", "tasks", "v1", "workers", "workspace", "workspaces");

    /** Checks the shape. */
    Slug {
        if (!text.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")) {
            throw Problem.field("slug", "pattern", "A slug is 1 to 40 small letters, digits and hyphens, with no hyphen at its ends.");
        }
        if (RESERVED.contains(text)) {
            throw Problem.field("slug", "reserved", "'" + text + "' is a path of the platform itself; take another slug.");
        }
    }

    /** A slug that resembles a name; {@code number} above 1 is added to tell it from others. */
    static Slug from(String name, int number) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("\\p{M}", "").toLowerCase(Locale.ROOT);
        String words = plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String base = words.isEmpty() || RESERVED.contains(words) ? ("project-" + words).replaceAll("-$", "") : words;
        String end = number > 1 ? "-" + number : "";
        String cut = base.substring(0, Math.min(base.length(), 40 - end.length())).replaceAll("-$", "");
        return new Slug(cut + end);
    }
}

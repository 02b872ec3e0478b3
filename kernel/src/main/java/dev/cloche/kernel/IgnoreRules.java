package dev.cloche.kernel;

import java.util.List;
import java.util.Optional;

/**
 * Lines that name paths to leave out, as {@code .clocheignore} has them. They mean what they mean in a {@code .gitignore} of
 * the top folder: {@code #}, {@code !}, {@code /}, {@code *}, {@code ?}, {@code **}; without character classes.
 */
public final class IgnoreRules {
    /** The file of a workspace that holds such lines. */
    public static final String FILE = ".clocheignore";

    /** So many rules a file may have. */
    public static final int MOST_RULES = 200;

    /** So long a line may be, in characters. */
    public static final int MOST_LENGTH = 200;

    private record Rule(PathGlob pattern, boolean foldersOnly, boolean keeps) {}

    private final List<Rule> rules;

    /** The rules of these lines; the later one wins. Fails with {@link ErrorCode#INVALID_FIELD} if they are too many or too long. */
    public IgnoreRules(List<String> lines) {
        rules = lines.stream().map(IgnoreRules::rule).flatMap(Optional::stream).toList();
        if (rules.size() > MOST_RULES) {
            throw refused("rules", "It may have at most " + MOST_RULES + " rules; it has " + rules.size() + ".");
        }
    }

    /** The rules of a file's text. */
    public static IgnoreRules parse(String text) {
        return new IgnoreRules(text.lines().toList());
    }

    /** Whether a file, or a folder that it lies in, is to be left out. */
    public boolean ignores(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (ignoresItself(path.substring(0, slash), true)) {
                return true; // as in Git, nothing inside can be brought back
            }
        }
        return ignoresItself(path, false);
    }

    /** Whether a folder is to be left out with all that it holds. */
    public boolean ignoresFolder(String path) {
        return ignores(path) || ignoresItself(path, true);
    }

    private boolean ignoresItself(String path, boolean folder) {
        for (Rule rule : rules.reversed()) {
            if ((folder || !rule.foldersOnly()) && rule.pattern().matches(path)) {
                return !rule.keeps();
            }
        }
        return false;
    }

    private static Optional<Rule> rule(String line) {
        String text = line.stripTrailing();
        if (text.length() > MOST_LENGTH) {
            throw refused("length", "A line may have at most " + MOST_LENGTH + " characters: " + text.substring(0, 40) + "…");
        }
        if (text.isEmpty() || text.startsWith("#")) {
            return Optional.empty();
        }
        boolean keeps = text.startsWith("!");
        text = keeps ? text.substring(1) : text;
        boolean foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = text.indexOf('/') >= 0;
        text = text.startsWith("/") ? text.substring(1) : text;
        return text.isEmpty() ? Optional.empty() : Optional.of(new Rule(new PathGlob(text, anchored), foldersOnly, keeps));
    }

    private static Problem refused(String rule, String message) {
        return Problem.field(FILE, rule, message);
    }
}

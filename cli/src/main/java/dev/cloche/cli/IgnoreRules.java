package dev.cloche.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which paths are never synchronised: the platform's own list, and the lines of {@code .clocheignore}, which mean what
 * they mean in a {@code .gitignore} of the top folder ({@code #}, {@code !}, {@code /}, {@code *}, {@code ?}, {@code **}).
 */
final class IgnoreRules {
    /** The folder's own record of the last synchronisation. */
    static final String STATE_FILE = ".cloche-sync.json";

    private static final List<String> ALWAYS =
            List.of("node_modules", ".git", "dist", "build", ".venv", "__pycache__", ".env", "/" + STATE_FILE);

    private record Rule(Pattern pattern, boolean foldersOnly, boolean keeps) {}

    private final List<Rule> rules = new ArrayList<>();

    /** The platform's list and these lines. */
    IgnoreRules(List<String> lines) {
        ALWAYS.forEach(this::add);
        lines.forEach(this::add);
    }

    /** The rules of a folder. */
    static IgnoreRules of(Path folder) throws IOException {
        Path file = folder.resolve(".clocheignore");
        return new IgnoreRules(Files.isRegularFile(file) ? Files.readAllLines(file) : List.of());
    }

    /** Whether a path, or a folder that it lies in, is ignored. */
    boolean ignores(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (ignoresItself(path.substring(0, slash), true)) {
                return true; // as in Git, nothing inside can be brought back
            }
        }
        return ignoresItself(path, false);
    }

    /** Whether a folder is ignored by a rule for itself. */
    boolean ignoresFolder(String path) {
        return ignores(path) || ignoresItself(path, true);
    }

    private boolean ignoresItself(String path, boolean folder) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if ((folder || !rule.foldersOnly()) && rule.pattern().matcher(path).matches()) {
                ignored = !rule.keeps();
            }
        }
        return ignored;
    }

    private void add(String line) {
        String text = line.stripTrailing();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        boolean keeps = text.startsWith("!");
        text = keeps ? text.substring(1) : text;
        boolean foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = text.indexOf('/') >= 0;
        text = text.startsWith("/") ? text.substring(1) : text;
        if (!text.isEmpty()) {
            rules.add(new Rule(Pattern.compile((anchored ? "" : "(?:.*/)?") + regex(text)), foldersOnly, keeps));
        }
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i += 1;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}

package dev.cloche.packages;

import dev.cloche.packages.Requirement.Refused;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads requirements (PEP 508) by recursive descent, with limits on length and nesting. Used once. */
final class RequirementParser {
    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?");
    private static final Pattern VERSIONS = Pattern.compile("[^;()@]*");
    private static final Pattern OPERATOR = Pattern.compile("===|~=|==|!=|<=|>=|<|>|in\\b|not\\s+in\\b");
    private static final Pattern WORD = Pattern.compile("[a-z_.]+");
    private static final Pattern TEXT = Pattern.compile("'[^']*+'|\"[^\"]*+\"");
    private static final List<String> VARIABLES = List.of(
            "os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release",
            "platform_system", "platform_version", "python_version", "python_full_version", "implementation_name",
            "implementation_version", "extra");

    private final String text;
    private int at;

    RequirementParser(String text) {
        this.text = text;
    }

    /** The requirement of the whole text. */
    Requirement requirement() throws Refused {
        if (text.length() > LONGEST) {
            throw new Refused("A requirement has at most " + LONGEST + " characters.");
        }
        ProjectName name = new ProjectName(take(NAME, "the name of a package"));
        SortedSet<String> extras = extras();
        if (peek('@')) {
            throw new Refused("'" + name + "' is asked for by URL; packages come by name and version only, from the shelf"
                    + " or the package index, so that their hashes can be checked.");
        }
        VersionSpecifier specifier = versions();
        Optional<Marker> marker = Optional.empty();
        if (accept(';')) {
            marker = Optional.of(either(0));
        }
        spaces();
        if (at < text.length()) {
            throw new Refused("'" + text + "' is not a requirement: '" + text.substring(at) + "' is not understood.");
        }
        return new Requirement(name, extras, specifier, marker);
    }

    private SortedSet<String> extras() throws Refused {
        SortedSet<String> all = new TreeSet<>();
        if (accept('[') && !accept(']')) {
            do {
                all.add(Marker.normalExtra(take(NAME, "the name of an extra")));
            } while (accept(','));
            expect(']');
        }
        return all;
    }

    private VersionSpecifier versions() throws Refused {
        boolean bracketed = accept('(');
        String written = take(VERSIONS, "versions").strip();
        if (bracketed) {
            expect(')');
        }
        return VersionSpecifier.parse(written)
                .orElseThrow(() -> new Refused("'" + written + "' does not name versions; write for example >=1.2,<2."));
    }

    private Marker either(int depth) throws Refused {
        Marker all = both(depth);
        while (acceptWord("or")) {
            all = new Marker.Or(all, both(depth));
        }
        return all;
    }

    private Marker both(int depth) throws Refused {
        Marker all = comparison(depth);
        while (acceptWord("and")) {
            all = new Marker.And(all, comparison(depth));
        }
        return all;
    }

    private Marker comparison(int depth) throws Refused {
        if (depth > DEEPEST) {
            throw new Refused("A marker has at most " + DEEPEST + " nested brackets.");
        }
        if (accept('(')) {
            Marker inner = either(depth + 1);
            expect(')');
            return inner;
        }
        Marker.Operand left = operand();
        String operator = take(OPERATOR, "a comparison").replaceAll("\\s+", " ");
        return new Marker.Compare(left, operator, operand());
    }

    private Marker.Operand operand() throws Refused {
        if (peek('\'') || peek('"')) {
            String quoted = take(TEXT, "a text in quotes");
            return new Marker.Operand.Literal(quoted.substring(1, quoted.length() - 1));
        }
        String written = take(WORD, "a marker variable");
        // The dotted names are those of the time before PEP 508.
        String name = written.equals("python_implementation") ? "platform_python_implementation" : written.replace('.', '_');
        if (!VARIABLES.contains(name)) {
            throw new Refused("'" + written + "' is not a marker variable.");
        }
        return new Marker.Operand.Variable(name);
    }

    private String take(Pattern pattern, String what) throws Refused {
        spaces();
        Matcher m = pattern.matcher(text).region(at, text.length());
        if (!m.lookingAt()) {
            throw new Refused("'" + text + "' is not a requirement: at character " + (at + 1) + " " + what + " should follow.");
        }
        at = m.end();
        return m.group();
    }

    private void expect(char c) throws Refused {
        if (!accept(c)) {
            throw new Refused("'" + text + "' is not a requirement: '" + c + "' is missing at character " + (at + 1) + ".");
        }
    }

    private boolean accept(char c) {
        boolean there = peek(c);
        at += there ? 1 : 0;
        return there;
    }

    private boolean peek(char c) {
        spaces();
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean acceptWord(String word) {
        spaces();
        int end = at + word.length();
        boolean there = text.startsWith(word, at)
                && (end == text.length() || (!Character.isLetterOrDigit(text.charAt(end)) && text.charAt(end) != '_'));
        at = there ? end : at;
        return there;
    }

    private void spaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}

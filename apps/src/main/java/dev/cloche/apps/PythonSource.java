package dev.cloche.apps;

import java.util.List;

/**
 * Python source as far as finding an application in it needs: its logical lines at the top level, with comments and the
 * insides of strings blanked (Python Language Reference, sections 2.1 and 2.4). Nothing is run or parsed further.
 */
final class PythonSource {
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int depth;

    private PythonSource(String text) {
        this.text = text;
    }

    /** The logical lines that are not indented. */
    static List<String> topLevel(String text) {
        PythonSource source = new PythonSource(text.replace("\r\n", "\n").replace('\r', '\n'));
        source.scan();
        return source.out.toString().lines()
                .filter(line -> !line.isEmpty() && !Character.isWhitespace(line.charAt(0)))
                .toList();
    }

    private void scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '#' -> skipComment();
                case '"', '\'' -> skipString(c);
                case '\\' -> joinLine();
                case '\n' -> {
                    out.append(depth > 0 ? ' ' : '\n');
                    at++;
                }
                default -> {
                    depth += "([{".indexOf(c) >= 0 ? 1 : 0;
                    depth -= ")]}".indexOf(c) >= 0 && depth > 0 ? 1 : 0;
                    out.append(c);
                    at++;
                }
            }
        }
    }

    private void skipComment() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    private void joinLine() {
        out.append(' ');
        at += at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 2 : 1;
    }

    private void skipString(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        boolean isTriple = text.startsWith(triple, at);
        String end = isTriple ? triple : String.valueOf(quote);
        out.append(quote);
        at += end.length();
        while (at < text.length() && !text.startsWith(end, at)) {
            if (text.charAt(at) == '\n' && !isTriple) {
                // not closed on its line: a mistake in the source; the next line is looked at anew
                return;
            }
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        out.append(quote);
        at = Math.min(text.length(), at + end.length());
    }
}

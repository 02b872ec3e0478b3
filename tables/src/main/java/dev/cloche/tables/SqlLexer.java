package dev.cloche.tables;

import java.util.ArrayList;
import java.util.List;

/** Cuts a statement into tokens. */
final class SqlLexer {
    /** Longer statements are refused. */
    static final int LONGEST = 50_000;

    private final String text;
    private int at;

    private SqlLexer(String text) {
        this.text = text;
    }

    /** What a token is. */
    enum Kind {
        /** A name or a word of the language. */
        WORD,
        /** A name in double quotes. */
        QUOTED,
        /** A number as it was written, without sign. */
        NUMBER,
        /** Text in single quotes. */
        TEXT,
        /** Hexadecimal digits after {@code 0x} or in {@code X''}. */
        HEX,
        /** A name after a colon. */
        PARAMETER,
        /** One of {@code ( ) , . * ; = <> < > <= >= + -}; {@code !=} becomes {@code <>}. */
        SYMBOL,
        /** Behind the last one. */
        END
    }

    /** A piece of a statement. */
    record Token(Kind kind, String text, int position) {
        boolean symbol(String wanted) {
            return kind == Kind.SYMBOL && text.equals(wanted);
        }

        boolean word(String wanted) {
            return kind == Kind.WORD && text.equalsIgnoreCase(wanted);
        }

        /** As messages name it. */
        String shown() {
            return kind == Kind.END ? "the end" : "`" + text + "`";
        }
    }

    static List<Token> tokens(String text) {
        if (text.length() > LONGEST) {
            throw new SqlException("A statement has at most " + LONGEST + " characters, not " + text.length() + ".", LONGEST);
        }
        SqlLexer lexer = new SqlLexer(text);
        List<Token> tokens = new ArrayList<>();
        while (lexer.more()) {
            tokens.add(lexer.token());
        }
        tokens.add(new Token(Kind.END, "", text.length()));
        return tokens;
    }

    /** Skips blanks and comments. */
    private boolean more() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token token() {
        char c = text.charAt(at);
        if (c == '\'') {
            return quoted(Kind.TEXT, '\'', at);
        }
        if (c == '"' || c == '`') {
            return quoted(Kind.QUOTED, c, at);
        }
        if ((c == 'X' || c == 'x') && text.startsWith("'", at + 1)) {
            int start = at++;
            Token digits = quoted(Kind.TEXT, '\'', start);
            return hex(digits.text(), start);
        }
        if (c == '0' && at + 1 < text.length() && (text.charAt(at + 1) == 'x' || text.charAt(at + 1) == 'X')) {
            int start = at;
            at += 2;
            return hex(run(SqlLexer::isNamePart), start);
        }
        if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            return number();
        }
        if (isNameStart(c)) {
            int start = at;
            return new Token(Kind.WORD, run(SqlLexer::isNamePart), start);
        }
        if (c == ':' && at + 1 < text.length() && isNameStart(text.charAt(at + 1))) {
            int start = at++;
            return new Token(Kind.PARAMETER, run(SqlLexer::isNamePart), start);
        }
        return symbol(c);
    }

    private Token symbol(char c) {
        int start = at;
        String two = at + 1 < text.length() ? text.substring(at, at + 2) : "";
        if (two.equals("<=") || two.equals(">=") || two.equals("<>") || two.equals("!=")) {
            at += 2;
            return new Token(Kind.SYMBOL, two.equals("!=") ? "<>" : two, start);
        }
        if ("(),.*;=<>+-".indexOf(c) < 0) {
            throw new SqlException("The character " + (c < ' ' ? "number " + (int) c : "`" + c + "`") + " has no meaning here.", at);
        }
        at++;
        return new Token(Kind.SYMBOL, String.valueOf(c), start);
    }

    private Token quoted(Kind kind, char quote, int start) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != quote) {
                content.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                content.append(quote);
                at++;
            } else {
                return new Token(kind, content.toString(), start);
            }
        }
        throw new SqlException("The quote " + quote + " is not closed.", start);
    }

    private static Token hex(String digits, int start) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw new SqlException("Hexadecimal digits are 0-9 and a-f.", start);
        }
        return new Token(Kind.HEX, digits, start);
    }

    private Token number() {
        int start = at;
        run(SqlLexer::isDigit);
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            run(SqlLexer::isDigit);
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (run(SqlLexer::isDigit).isEmpty()) {
                throw new SqlException("The exponent of a number needs digits.", at);
            }
        }
        if (at < text.length() && isNamePart(text.charAt(at))) {
            throw new SqlException("A number ends where `" + text.charAt(at) + "` stands; a name in front of a digit needs double quotes.", at);
        }
        return new Token(Kind.NUMBER, text.substring(start, at), start);
    }

    private interface CharTest {
        boolean test(char c);
    }

    private String run(CharTest test) {
        int start = at;
        while (at < text.length() && test.test(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}

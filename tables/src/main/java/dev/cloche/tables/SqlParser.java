package dev.cloche.tables;

import dev.cloche.tables.SqlLexer.Kind;
import dev.cloche.tables.SqlLexer.Token;
import dev.cloche.tables.SqlSyntax.Assignment;
import dev.cloche.tables.SqlSyntax.ColumnName;
import dev.cloche.tables.SqlSyntax.Join;
import dev.cloche.tables.SqlSyntax.Literal;
import dev.cloche.tables.SqlSyntax.Name;
import dev.cloche.tables.SqlSyntax.Operand;
import dev.cloche.tables.SqlSyntax.Projection;
import dev.cloche.tables.SqlSyntax.Source;
import dev.cloche.tables.SqlSyntax.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one statement by recursive descent. */
final class SqlParser {
    /** Deeper parentheses are refused. */
    private static final int DEEPEST = 100;

    /** More tables in one SELECT are refused. */
    private static final int MOST_JOINS = 7;

    private static final Set<String> RESERVED =
            Set.of("select", "from", "where", "join", "on", "and", "or", "as", "limit", "inner", "insert", "into", "values", "delete",
                    "update", "set", "true", "false", "not", "null", "order", "group", "left", "right", "full", "outer", "cross", "union",
                    "having", "offset", "by", "is", "in", "like", "between");

    private final List<Token> tokens;
    private int at;
    private int depth;

    private SqlParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static SqlSyntax parse(String text) {
        SqlParser parser = new SqlParser(SqlLexer.tokens(text));
        SqlSyntax statement = parser.statement();
        parser.end();
        return statement;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token take() {
        return tokens.get(at < tokens.size() - 1 ? at++ : at);
    }

    private boolean word(String word) {
        if (peek().word(word)) {
            at++;
            return true;
        }
        return false;
    }

    private boolean symbol(String symbol) {
        if (peek().symbol(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    private void expectWord(String word) {
        if (!word(word)) {
            throw expected(word);
        }
    }

    private void expectSymbol(String symbol) {
        if (!symbol(symbol)) {
            throw expected("`" + symbol + "`");
        }
    }

    private SqlException expected(String what) {
        return new SqlException("Expected " + what + ", found " + peek().shown() + " at character " + peek().position() + ".", peek().position());
    }

    private SqlException unsupported(String what) {
        return new SqlException("Unsupported: " + what, peek().position());
    }

    private void end() {
        boolean semicolon = symbol(";");
        while (symbol(";")) {
            semicolon = true;
        }
        if (peek().kind() == Kind.END) {
            return;
        }
        if (semicolon) {
            throw new SqlException("Multiple SQL statements are not supported", peek().position());
        }
        Token token = peek();
        for (String clause : List.of("ORDER", "GROUP", "HAVING", "OFFSET", "UNION")) {
            if (token.word(clause)) {
                throw unsupported(clause + " is not part of this SQL; sort, group and page on the client's side.");
            }
        }
        throw expected("the end of the statement");
    }

    private SqlSyntax statement() {
        Token first = peek();
        if (first.kind() == Kind.END) {
            throw new SqlException("Empty string", 0);
        }
        if (word("select")) {
            return select(first.position());
        }
        if (word("insert")) {
            return insert();
        }
        if (word("delete")) {
            expectWord("FROM");
            return new SqlSyntax.Delete(name("a table"), where());
        }
        if (word("update")) {
            return update();
        }
        throw expected("SELECT, INSERT, DELETE or UPDATE");
    }

    private SqlSyntax.Select select(int position) {
        if (peek().word("distinct")) {
            throw unsupported("DISTINCT is not part of this SQL.");
        }
        Projection projection = projection();
        expectWord("FROM");
        Source from = source();
        List<Join> joins = new ArrayList<>();
        while (peek().word("join") || peek().word("inner")) {
            word("inner");
            joins.add(join());
        }
        for (String outer : List.of("left", "right", "full", "cross", "natural")) {
            if (peek().word(outer)) {
                throw unsupported("only JOIN ... ON a.x = b.y is; there are no outer or cross joins.");
            }
        }
        if (peek().symbol(",")) {
            throw unsupported("several tables need JOIN ... ON a.x = b.y.");
        }
        return new SqlSyntax.Select(projection, from, joins, where(), limit(), position);
    }

    private Projection projection() {
        if (symbol("*")) {
            return new Projection.Star(Optional.empty());
        }
        if (peek().word("count") && tokens.get(at + 1).symbol("(")) {
            at += 2;
            if (!symbol("*")) {
                throw unsupported("COUNT counts rows only, as COUNT(*).");
            }
            expectSymbol(")");
            if (!word("as")) {
                throw new SqlException("COUNT(*) needs a name: COUNT(*) AS n", peek().position());
            }
            return new Projection.Count(name("a name for the count"));
        }
        List<Projection.Item> items = new ArrayList<>();
        do {
            Name first = name("a column");
            if (symbol(".")) {
                if (symbol("*")) {
                    if (!items.isEmpty() || peek().symbol(",")) {
                        throw unsupported("`" + first.text() + ".*` stands alone.");
                    }
                    return new Projection.Star(Optional.of(first));
                }
                items.add(item(new ColumnName(Optional.of(first), name("a column"))));
            } else {
                if (peek().symbol("(")) {
                    throw unsupported("the only function is COUNT(*).");
                }
                items.add(item(new ColumnName(Optional.empty(), first)));
            }
        } while (symbol(","));
        return new Projection.Columns(items);
    }

    private Projection.Item item(ColumnName column) {
        return new Projection.Item(column, word("as") ? name("a name for the column") : column.column());
    }

    private Source source() {
        Name table = name("a table");
        boolean as = word("as");
        if (as || isName(peek())) {
            return new Source(table, name("an alias"));
        }
        return new Source(table, table);
    }

    private Join join() {
        expectWord("JOIN");
        if (joinsSoFar++ == MOST_JOINS) {
            throw unsupported("a SELECT joins at most " + (MOST_JOINS + 1) + " tables.");
        }
        Source source = source();
        expectWord("ON");
        boolean parenthesis = symbol("(");
        ColumnName left = qualified();
        if (!symbol("=")) {
            throw unsupported("tables are joined by equality: ON a.x = b.y.");
        }
        ColumnName right = qualified();
        if (parenthesis) {
            expectSymbol(")");
        }
        if (peek().word("and") || peek().word("or")) {
            throw unsupported("a join has one equality; further conditions belong into WHERE.");
        }
        return new Join(source, left, right);
    }

    private int joinsSoFar;

    private ColumnName qualified() {
        Name table = name("a column with its table, as in t.x");
        if (!symbol(".")) {
            throw new SqlException("The column `" + table.text() + "` needs its table in a join, as in t." + table.text() + ".", table.position());
        }
        return new ColumnName(Optional.of(table), name("a column"));
    }

    private Optional<Where> where() {
        return word("where") ? Optional.of(or()) : Optional.empty();
    }

    private Where or() {
        List<Where> parts = new ArrayList<>();
        do {
            parts.add(and());
        } while (word("or"));
        return parts.size() == 1 ? parts.getFirst() : new Where.Or(parts);
    }

    private Where and() {
        List<Where> parts = new ArrayList<>();
        do {
            parts.add(condition());
        } while (word("and"));
        return parts.size() == 1 ? parts.getFirst() : new Where.And(parts);
    }

    private Where condition() {
        if (symbol("(")) {
            if (++depth > DEEPEST) {
                throw new SqlException("Parentheses are nested at most " + DEEPEST + " deep.", peek().position());
            }
            Where inner = or();
            expectSymbol(")");
            depth--;
            return inner;
        }
        if (peek().word("not")) {
            throw unsupported("there is no NOT; use <> or the opposite comparison.");
        }
        int position = peek().position();
        Operand left = operand();
        Condition.Operator operator = operator();
        return new Where.Compare(left, operator, operand(), position);
    }

    private Condition.Operator operator() {
        Token token = peek();
        for (Condition.Operator operator : Condition.Operator.values()) {
            if (token.symbol(operator.text())) {
                at++;
                return operator;
            }
        }
        if (token.word("is") || token.word("in") || token.word("like") || token.word("between") || token.word("not")) {
            throw unsupported(token.text().toUpperCase(Locale.ROOT) + " is not part of this SQL; there are =, <>, <, <=, > and >=.");
        }
        throw expected("a comparison: =, <>, <, <=, > or >=");
    }

    private Operand operand() {
        Token token = peek();
        if (isName(token)) {
            Name first = name("a column");
            return symbol(".") ? new ColumnName(Optional.of(first), name("a column")) : new ColumnName(Optional.empty(), first);
        }
        return literal();
    }

    private Literal literal() {
        Token token = take();
        int position = token.position();
        if (token.symbol("-") || token.symbol("+")) {
            Token number = take();
            if (number.kind() != Kind.NUMBER) {
                throw new SqlException("A sign belongs to a number.", position);
            }
            return new Literal(Literal.Form.NUMBER, (token.symbol("-") ? "-" : "") + number.text(), position);
        }
        switch (token.kind()) {
            case NUMBER:
                return new Literal(Literal.Form.NUMBER, token.text(), position);
            case TEXT:
                return new Literal(Literal.Form.TEXT, token.text(), position);
            case HEX:
                return new Literal(Literal.Form.HEX, token.text(), position);
            case PARAMETER:
                if (token.text().equals("sender")) {
                    return new Literal(Literal.Form.SENDER, token.text(), position);
                }
                throw new SqlException("The only parameter is :sender, not :" + token.text() + ".", position);
            case WORD:
                if (token.word("true") || token.word("false")) {
                    return new Literal(Literal.Form.BOOL, token.text().toLowerCase(Locale.ROOT), position);
                }
                if (token.word("null")) {
                    throw new SqlException("NULL is not a value here.", position);
                }
                break;
            case QUOTED, SYMBOL, END:
                break;
        }
        throw new SqlException("Expected a column or a literal, found " + token.shown() + " at character " + position + ".", position);
    }

    private OptionalLong limit() {
        if (!word("limit")) {
            return OptionalLong.empty();
        }
        Token token = take();
        if (token.kind() != Kind.NUMBER || token.text().length() > 18 || !token.text().chars().allMatch(Character::isDigit)) {
            throw new SqlException("LIMIT needs a whole number.", token.position());
        }
        return OptionalLong.of(Long.parseLong(token.text()));
    }

    private SqlSyntax insert() {
        expectWord("INTO");
        Name table = name("a table");
        List<Name> columns = new ArrayList<>();
        if (symbol("(")) {
            do {
                columns.add(name("a column"));
            } while (symbol(","));
            expectSymbol(")");
        }
        expectWord("VALUES");
        List<List<Literal>> rows = new ArrayList<>();
        do {
            expectSymbol("(");
            List<Literal> row = new ArrayList<>();
            do {
                row.add(literal());
            } while (symbol(","));
            expectSymbol(")");
            rows.add(row);
        } while (symbol(","));
        return new SqlSyntax.Insert(table, columns, rows);
    }

    private SqlSyntax update() {
        Name table = name("a table");
        expectWord("SET");
        List<Assignment> assignments = new ArrayList<>();
        do {
            Name column = name("a column");
            expectSymbol("=");
            assignments.add(new Assignment(column, literal()));
        } while (symbol(","));
        return new SqlSyntax.Update(table, assignments, where());
    }

    private static boolean isName(Token token) {
        return token.kind() == Kind.QUOTED || token.kind() == Kind.WORD && !RESERVED.contains(token.text().toLowerCase(Locale.ROOT));
    }

    private Name name(String what) {
        Token token = peek();
        if (!isName(token)) {
            boolean reserved = token.kind() == Kind.WORD;
            throw reserved
                    ? new SqlException(
                            "Expected " + what + ", found the word " + token.shown() + " at character " + token.position()
                                    + "; as a name it needs double quotes.",
                            token.position())
                    : expected(what);
        }
        at++;
        return new Name(token.text(), token.position());
    }
}

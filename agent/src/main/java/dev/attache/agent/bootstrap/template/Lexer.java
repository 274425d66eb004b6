package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Takes a template apart: text, and within {@code {{ }}} words. One use each. */
final class Lexer {

    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final String BLANKS = " \t\r\n";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    List<Token> tokens() {
        boolean trim = false;
        while (true) {
            int start = at;
            int left = text.indexOf(LEFT, at);
            int end = left < 0 ? text.length() : left;
            boolean trimBefore = left >= 0 && trimsBefore(left);
            addText(start, end, trim, trimBefore);
            if (left < 0) {
                tokens.add(new Token(Kind.END, "", text.length()));
                return tokens;
            }
            at = left + 2 + (trimBefore ? 2 : 0);
            trim = text.startsWith("/*", at) ? comment(left) : action(left);
        }
    }

    private void addText(int start, int end, boolean trimStart, boolean trimEnd) {
        int from = start;
        int to = end;
        while (trimStart && from < to && blank(text.charAt(from))) {
            from++;
        }
        while (trimEnd && to > from && blank(text.charAt(to - 1))) {
            to--;
        }
        if (to > from) {
            tokens.add(new Token(Kind.TEXT, text.substring(from, to), from));
        }
    }

    private boolean trimsBefore(int left) {
        return left + 3 < text.length()
                && text.charAt(left + 2) == '-'
                && blank(text.charAt(left + 3));
    }

    /** Whether what follows is trimmed. */
    private boolean comment(int left) {
        int end = text.indexOf("*/", at);
        if (end < 0) {
            throw new Fault(left, "unclosed comment");
        }
        at = end + 2;
        boolean trim = trimsAfter();
        at += trim ? 2 : 0;
        if (!text.startsWith(RIGHT, at)) {
            throw new Fault(left, "comment ends before closing delimiter");
        }
        at += 2;
        return trim;
    }

    private boolean trimsAfter() {
        return at + 1 < text.length()
                && blank(text.charAt(at))
                && text.charAt(at + 1) == '-'
                && text.startsWith(RIGHT, at + 2);
    }

    private boolean action(int left) {
        add(Kind.LEFT, left, left + 2);
        while (true) {
            boolean trim = trimsAfter();
            if (trim || text.startsWith(RIGHT, at)) {
                at += trim ? 2 : 0;
                add(Kind.RIGHT, at, at + 2);
                at += 2;
                return trim;
            }
            if (at >= text.length()) {
                throw new Fault(left, "unclosed action");
            }
            token();
        }
    }

    private void token() {
        int start = at;
        char c = text.charAt(at);
        if (blank(c)) {
            while (at < text.length() && blank(text.charAt(at)) && !trimsAfter()) {
                at++;
            }
            add(Kind.SPACE, start, at);
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if (c == '`') {
            raw();
        } else if (text.startsWith(":=", at)) {
            single(Kind.DECLARE, 2);
        } else if (Character.isDigit(c) || number(c)) {
            while (at < text.length()
                    && (word(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            add(Kind.NUMBER, start, at);
        } else if (c == '.') {
            words(1);
            add(at == start + 1 ? Kind.DOT : Kind.FIELD, start, at);
        } else if (c == '$') {
            words(1);
            add(Kind.VARIABLE, start, at);
        } else if (word(c)) {
            words(0);
            add(Kind.WORD, start, at);
        } else {
            sign(c);
        }
    }

    private boolean number(char c) {
        return (c == '+' || c == '-' || c == '.')
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at + 1));
    }

    private void sign(char c) {
        Kind kind =
                switch (c) {
                    case '|' -> Kind.PIPE;
                    case '(' -> Kind.OPEN;
                    case ')' -> Kind.CLOSE;
                    case ',' -> Kind.COMMA;
                    case '=' -> Kind.ASSIGN;
                    default -> throw new Fault(at, "unexpected \"" + c + "\" in command");
                };
        single(kind, 1);
    }

    private void single(Kind kind, int length) {
        add(kind, at, at + length);
        at += length;
    }

    private void words(int skip) {
        at += skip;
        while (at < text.length() && word(text.charAt(at))) {
            at++;
        }
    }

    private void raw() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            throw new Fault(at, "unterminated raw quoted string");
        }
        tokens.add(new Token(Kind.STRING, text.substring(at + 1, end), at));
        at = end + 1;
    }

    private void quoted(char quote) {
        int start = at;
        StringBuilder out = new StringBuilder();
        at++;
        while (at >= text.length() || text.charAt(at) != quote) {
            if (at >= text.length() || text.charAt(at) == '\n') {
                throw new Fault(start, "unterminated quoted string");
            }
            char c = text.charAt(at++);
            if (c == '\\') {
                escape(out, start);
            } else {
                out.append(c);
            }
        }
        at++;
        tokens.add(new Token(quote == '"' ? Kind.STRING : Kind.CHARACTER, out.toString(), start));
    }

    private void escape(StringBuilder out, int start) {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        int simple = "abfnrtv\\\"'".indexOf(c);
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (simple >= 0) {
            out.append("\u0007\b\f\n\r\t\u000b\\\"'".charAt(simple));
        } else if (digits > 0 && at + digits <= text.length()) {
            out.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
            at += digits;
        } else {
            throw new Fault(start, "invalid syntax: \\" + c);
        }
    }

    private void add(Kind kind, int start, int end) {
        tokens.add(new Token(kind, text.substring(start, end), start));
    }

    private static boolean blank(char c) {
        return BLANKS.indexOf(c) >= 0;
    }

    private static boolean word(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}

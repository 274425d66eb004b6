package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.bootstrap.template.syntax.Token.Kind;
import dev.attache.agent.document.GoQuotes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a template apart: text, and within {@code {{ }}} words. One use each.
 *
 * <p>Longer than files here should be: a method for each kind of word.
 */
final class Lexer {

    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final int NOTHING = -1;
    private static final Map<String, Kind> WORDS =
            Map.ofEntries(
                    Map.entry("block", Kind.BLOCK),
                    Map.entry("break", Kind.BREAK),
                    Map.entry("continue", Kind.CONTINUE),
                    Map.entry("define", Kind.DEFINE),
                    Map.entry("else", Kind.ELSE),
                    Map.entry("end", Kind.END),
                    Map.entry("if", Kind.IF),
                    Map.entry("nil", Kind.NIL),
                    Map.entry("range", Kind.RANGE),
                    Map.entry("template", Kind.TEMPLATE),
                    Map.entry("with", Kind.WITH),
                    Map.entry("true", Kind.BOOL),
                    Map.entry("false", Kind.BOOL));

    private final String text;
    private int start;
    private int at;
    private int line = 1;
    private boolean inAction;
    private boolean broken;
    private int depth;

    Lexer(String text) {
        this.text = text;
    }

    /** The next piece; the end after an error. */
    Token next() {
        if (broken) {
            return new Token(Kind.END_OF_TEXT, "", at, line);
        }
        return inAction ? inside() : outside();
    }

    private Token outside() {
        while (true) {
            int left = text.indexOf(LEFT, at);
            int end = left < 0 ? text.length() : left;
            int stop = left >= 0 && trimsBefore(left) ? withoutBlanks(start, end) : end;
            Token found = null;
            if (stop > start) {
                at = stop;
                found = emit(Kind.TEXT);
            }
            at = end;
            ignore();
            if (found != null) {
                return found;
            }
            if (left < 0) {
                return emit(Kind.END_OF_TEXT);
            }
            found = left(left, trimsBefore(left) ? 2 : 0);
            if (found != null) {
                return found;
            }
        }
    }

    /** The beginning of an action, or what is wrong with a comment; null after a comment. */
    private @Nullable Token left(int left, int marker) {
        if (text.startsWith("/*", left + 2 + marker)) {
            at = left + 2 + marker;
            ignore();
            return comment();
        }
        at = left + 2;
        Token found = emit(Kind.LEFT);
        at += marker;
        ignore();
        inAction = true;
        depth = 0;
        return found;
    }

    private @Nullable Token comment() {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            return error("unclosed comment");
        }
        at = end + 2;
        boolean trim = trimsAfter(at);
        if (!trim && !text.startsWith(RIGHT, at)) {
            return error("comment ends before closing delimiter");
        }
        at += trim ? 4 : 2;
        skipBlanks(trim);
        ignore();
        return null;
    }

    private int withoutBlanks(int from, int to) {
        int end = to;
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private void skipBlanks(boolean wanted) {
        while (wanted && isSpace(peek())) {
            at++;
        }
    }

    private boolean trimsBefore(int left) {
        return left + 3 < text.length()
                && text.charAt(left + 2) == '-'
                && isSpace(text.charAt(left + 3));
    }

    private boolean trimsAfter(int from) {
        return from + 1 < text.length()
                && isSpace(text.charAt(from))
                && text.charAt(from + 1) == '-'
                && text.startsWith(RIGHT, from + 2);
    }

    private Token inside() {
        boolean trim = trimsAfter(at);
        if (trim || text.startsWith(RIGHT, at)) {
            return depth == 0 ? right(trim) : error("unclosed left paren");
        }
        int c = take();
        return switch (c) {
            case NOTHING -> error("unclosed action");
            case ' ', '\t', '\r', '\n' -> spaces();
            case '=' -> emit(Kind.ASSIGN);
            case ':' -> take() == '=' ? emit(Kind.DECLARE) : error("expected :=");
            case '|' -> emit(Kind.PIPE);
            case '"' -> quoted('"', Kind.STRING, "unterminated quoted string");
            case '\'' -> quoted('\'', Kind.CHARACTER, "unterminated character constant");
            case '`' -> raw();
            case '$' -> fieldOrVariable(Kind.VARIABLE, Kind.VARIABLE);
            case '.' ->
                    isDigit(peek()) || peek() == NOTHING
                            ? number()
                            : fieldOrVariable(Kind.FIELD, Kind.DOT);
            case '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            case '(' -> {
                depth++;
                yield emit(Kind.OPEN);
            }
            case ')' -> --depth < 0 ? error("unexpected right paren") : emit(Kind.CLOSE);
            default -> other(c);
        };
    }

    private Token other(int c) {
        if (isWord(c)) {
            return identifier();
        }
        return c >= ' ' && c < 0x7f
                ? emit(Kind.OTHER)
                : error("unrecognized character in action: " + codePoint(c));
    }

    private Token right(boolean trim) {
        if (trim) {
            at += 2;
            ignore();
        }
        at += 2;
        Token found = emit(Kind.RIGHT);
        skipBlanks(trim);
        ignore();
        inAction = false;
        return found;
    }

    /** The last blank may belong to what closes the action. */
    private Token spaces() {
        while (isSpace(peek())) {
            at++;
        }
        if (trimsAfter(at - 1)) {
            at--;
            if (at == start) {
                return right(true);
            }
        }
        return emit(Kind.SPACE);
    }

    private Token identifier() {
        skipWord();
        if (!atEndOfWord()) {
            return error("bad character " + codePoint(peek()));
        }
        return emit(WORDS.getOrDefault(text.substring(start, at), Kind.IDENTIFIER));
    }

    private Token fieldOrVariable(Kind kind, Kind alone) {
        if (atEndOfWord()) {
            return emit(alone);
        }
        skipWord();
        return atEndOfWord() ? emit(kind) : error("bad character " + codePoint(peek()));
    }

    private void skipWord() {
        while (isWord(peek())) {
            at += Character.charCount(peek());
        }
    }

    private boolean atEndOfWord() {
        int c = peek();
        return c == NOTHING || isSpace(c) || ".,|:)(".indexOf(c) >= 0 || text.startsWith(RIGHT, at);
    }

    private Token quoted(char quote, Kind kind, String unterminated) {
        while (true) {
            int c = take();
            if (c == '\\') {
                c = take();
                if (c != NOTHING && c != '\n') {
                    continue;
                }
            }
            if (c == NOTHING || c == '\n') {
                return error(unterminated);
            }
            if (c == quote) {
                return emit(kind);
            }
        }
    }

    private Token raw() {
        int end = text.indexOf('`', at);
        if (end < 0) {
            return error("unterminated raw quoted string");
        }
        at = end + 1;
        return emit(Kind.RAW_STRING);
    }

    private Token number() {
        at = start;
        boolean complex = scanNumber() && (peek() == '+' || peek() == '-');
        if (isWord(peek()) || (complex && (!scanNumber() || text.charAt(at - 1) != 'i'))) {
            at += isWord(peek()) ? Character.charCount(peek()) : 0;
            return error("bad number syntax: " + GoQuotes.quote(text.substring(start, at)));
        }
        return emit(complex ? Kind.COMPLEX : Kind.NUMBER);
    }

    /** Whether it does not go on as a word. */
    private boolean scanNumber() {
        accept("+-");
        String digits = "0123456789_";
        if (accept("0")) {
            if (accept("xX")) {
                digits = "0123456789abcdefABCDEF_";
            } else if (accept("oO")) {
                digits = "01234567_";
            } else if (accept("bB")) {
                digits = "01_";
            }
        }
        acceptAll(digits);
        if (accept(".")) {
            acceptAll(digits);
        }
        if ((digits.length() == 11 && accept("eE")) || (digits.length() == 23 && accept("pP"))) {
            accept("+-");
            acceptAll("0123456789_");
        }
        accept("i");
        return !isWord(peek());
    }

    private boolean accept(String any) {
        boolean found = peek() != NOTHING && any.indexOf(peek()) >= 0;
        at += found ? 1 : 0;
        return found;
    }

    private void acceptAll(String any) {
        boolean more = true;
        while (more) {
            more = accept(any);
        }
    }

    private int peek() {
        return at < text.length() ? text.codePointAt(at) : NOTHING;
    }

    private int take() {
        int c = peek();
        at += c == NOTHING ? 0 : Character.charCount(c);
        return c;
    }

    private Token emit(Kind kind) {
        Token token = new Token(kind, text.substring(start, at), start, line);
        ignore();
        return token;
    }

    private Token error(String what) {
        broken = true;
        return new Token(Kind.ERROR, what, start, line);
    }

    private void ignore() {
        for (int i = start; i < at; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        start = at;
    }

    private static String codePoint(int c) {
        if (c == NOTHING) {
            return "U+FFFFFFFFFFFFFFFF";
        }
        String shown = String.format("U+%04X", c);
        return GoQuotes.isPrintable(c) ? shown + " '" + Character.toString(c) + "'" : shown;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(int c) {
        return c == '_' || (c >= 0 && Character.isLetterOrDigit(c));
    }
}

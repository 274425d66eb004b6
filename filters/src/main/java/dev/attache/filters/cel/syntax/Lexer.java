package dev.attache.filters.cel.syntax;

import dev.attache.filters.cel.syntax.Token.Kind;
import dev.attache.filters.cel.value.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of an expression into tokens. One use each. */
final class Lexer {
    private static final List<String> OPERATORS =
            List.of(
                    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?",
                    ":", ".", ",", "(", ")", "[", "]", "{", "}");

    private final String text;
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** The tokens, the last being the end. */
    static List<Token> tokens(String text) throws SyntaxException {
        Lexer lexer = new Lexer(text);
        List<Token> tokens = new ArrayList<>();
        lexer.skipBlank();
        while (lexer.at < text.length()) {
            tokens.add(lexer.next());
            lexer.skipBlank();
        }
        tokens.add(Token.of(Kind.END, "", text.length()));
        return tokens;
    }

    private void skipBlank() {
        while (at < text.length()) {
            if (" \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                return;
            }
        }
    }

    private Token next() throws SyntaxException {
        int start = at;
        char c = text.charAt(at);
        if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            return number();
        }
        int quote = quoteAt();
        if (quote >= 0) {
            return string(quote);
        }
        if (isLetter(c)) {
            while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
                at++;
            }
            return Token.of(Kind.NAME, text.substring(start, at), start);
        }
        if (c == '`') {
            return quotedName();
        }
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return Token.of(Kind.OPERATOR, operator, start);
            }
        }
        throw unrecognized(start);
    }

    /** Where the quote of a string that begins here is, or -1. */
    private int quoteAt() {
        int i = at;
        if (i < text.length() && "bB".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        if (i < text.length() && "rR".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i < text.length() && "'\"".indexOf(text.charAt(i)) >= 0 ? i : -1;
    }

    private Token string(int quote) throws SyntaxException {
        int start = at;
        boolean bytes = "bB".indexOf(text.charAt(start)) >= 0;
        boolean raw = quote > start && "rR".indexOf(text.charAt(quote - 1)) >= 0;
        String mark = text.substring(quote, quote + 1);
        boolean triple = text.startsWith(mark.repeat(3), quote);
        String end = triple ? mark.repeat(3) : mark;
        QuotedText content = new QuotedText(text, quote + end.length(), bytes, start);
        while (!text.startsWith(end, content.at())) {
            boolean broken =
                    content.at() >= text.length()
                            || !triple && "\r\n".indexOf(text.charAt(content.at())) >= 0;
            if (broken) {
                throw unrecognized(start);
            }
            content.take(raw);
        }
        at = content.at() + end.length();
        String octets = content.octets();
        return bytes
                ? new Token(Kind.BYTES, "", new Bytes(octets), start)
                : new Token(Kind.STRING, "", octets, start);
    }

    private Token quotedName() throws SyntaxException {
        int end = text.indexOf('`', at + 1);
        int start = at;
        if (end <= at + 1) {
            throw unrecognized(start);
        }
        at = end + 1;
        return Token.of(Kind.QUOTED_NAME, text.substring(start + 1, end), start);
    }

    private Token number() throws SyntaxException {
        int start = at;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            at += 2;
            while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
                at++;
            }
            if (at == start + 2) {
                throw unrecognized(start);
            }
            return whole(start);
        }
        digits();
        boolean real = false;
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            real = true;
            at++;
            digits();
        }
        int exponent = exponentEnd();
        if (exponent > at) {
            real = true;
            at = exponent;
        }
        return real ? Token.of(Kind.DOUBLE, text.substring(start, at), start) : whole(start);
    }

    private Token whole(int start) {
        String digits = text.substring(start, at);
        if (at < text.length() && "uU".indexOf(text.charAt(at)) >= 0) {
            at++;
            return Token.of(Kind.UINT, digits, start);
        }
        return Token.of(Kind.INT, digits, start);
    }

    private void digits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private int exponentEnd() {
        int i = at;
        if (i >= text.length() || "eE".indexOf(text.charAt(i)) < 0) {
            return at;
        }
        i++;
        if (i < text.length() && "+-".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        int first = i;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        return i > first ? i : at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private SyntaxException unrecognized(int start) {
        return new SyntaxException(
                text,
                start,
                "Syntax error: token recognition error at: '" + text.substring(start) + "'");
    }
}

package dev.attache.filters.cel.syntax;

import dev.attache.proxy.http.Octets;

/** What stands between quotes, as octets. One use each. */
final class QuotedText {
    private final String text;
    private final boolean bytes;
    private final int token;
    private final StringBuilder octets = new StringBuilder();
    private int at;

    /**
     * @param at where it begins
     * @param bytes whether it is of type {@code bytes}, in which escapes are octets
     * @param token where its token begins
     */
    QuotedText(String text, int at, boolean bytes, int token) {
        this.text = text;
        this.at = at;
        this.bytes = bytes;
        this.token = token;
    }

    /** Where it goes on. */
    int at() {
        return at;
    }

    String octets() {
        return octets.toString();
    }

    /**
     * Takes the next character.
     *
     * @param raw whether a backslash is one
     */
    void take(boolean raw) throws SyntaxException {
        if (text.charAt(at) == '\\' && !raw) {
            escape();
            return;
        }
        int character = text.codePointAt(at);
        octets.append(Octets.of(Character.toString(character)));
        at += Character.charCount(character);
    }

    private void escape() throws SyntaxException {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        int plain = "abfnrtv\\?'\"`".indexOf(kind);
        if (plain >= 0 && kind != 0) {
            octets.append("\007\b\f\n\r\t\013\\?'\"`".charAt(plain));
            at += 2;
            return;
        }
        switch (kind) {
            case 'x', 'X' -> number(at + 2, 2, 16);
            case 'u' -> unicode(4);
            case 'U' -> unicode(8);
            case '0', '1', '2', '3' -> number(at + 1, 3, 8);
            default -> throw unrecognized();
        }
    }

    /** An octet of {@code bytes}, a character of a string. */
    private void number(int from, int digits, int base) throws SyntaxException {
        int value = parse(from, digits, base);
        octets.append(bytes ? (char) value + "" : Octets.of(Character.toString(value)));
        at = from + digits;
    }

    private void unicode(int digits) throws SyntaxException {
        if (bytes) {
            throw new SyntaxException(
                    text,
                    token,
                    "Invalid bytes literal: Illegal escape sequence: Unicode escape sequence \\"
                            + text.charAt(at + 1)
                            + " cannot be used in bytes literals");
        }
        int value = parse(at + 2, digits, 16);
        if (value > Character.MAX_CODE_POINT || value >= 0xd800 && value <= 0xdfff) {
            throw new SyntaxException(
                    text,
                    token,
                    "Invalid string literal: Illegal escape sequence: Unicode value "
                            + text.substring(at, at + 2 + digits)
                            + " is invalid");
        }
        octets.append(Octets.of(Character.toString(value)));
        at += 2 + digits;
    }

    private int parse(int from, int digits, int base) throws SyntaxException {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), base) : -1;
            if (digit < 0) {
                throw unrecognized();
            }
            value = value * base + digit;
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private SyntaxException unrecognized() {
        return new SyntaxException(
                text,
                token,
                "Syntax error: token recognition error at: '" + text.substring(token) + "'");
    }
}

package dev.attache.config.load;

import dev.attache.config.load.tree.SyntaxException;
import java.nio.charset.StandardCharsets;

/** The strings of a text protobuf, which are octets: what escapes name need not be UTF-8. */
final class TextStrings {
    private static final String SIMPLE = "abfnrtv\\?'\"";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\?'\"";

    private final TextTokens tokens;
    private final String text;

    TextStrings(TextTokens tokens, String text) {
        this.tokens = tokens;
        this.text = text;
    }

    /** The position behind a string that begins there. */
    int end(int start) throws SyntaxException {
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at);
            if (c == '\n') {
                throw tokens.errorAt(at, "Multiline strings are not allowed. Did you miss a \"?.");
            }
            at += c == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw tokens.errorAt(text.length(), "Unexpected end of string.");
        }
        return at + 1;
    }

    /** Appends the octets that stand between the quotes. */
    void append(int from, int to, WireBuffer octets) throws SyntaxException {
        int at = from;
        while (at < to) {
            int plain = at;
            while (at < to && text.charAt(at) != '\\') {
                at++;
            }
            octets(text.substring(plain, at), octets);
            if (at < to) {
                at = escape(at + 1, to, octets);
            }
        }
    }

    /** Appends what an escape names, and returns the position behind it. */
    private int escape(int at, int to, WireBuffer octets) throws SyntaxException {
        char c = text.charAt(at);
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            octets.octet(MEANT.charAt(simple));
            return at + 1;
        }
        if (c >= '0' && c <= '7') {
            int end = digits(at, Math.min(to, at + 3), 8);
            octets.octet(Integer.parseInt(text, at, end, 8));
            return end;
        }
        return switch (c) {
            case 'x' -> {
                int end = digits(at + 1, Math.min(to, at + 3), 16);
                if (end == at + 1) {
                    throw tokens.errorAt(at, "Expected hex digits for escape sequence.");
                }
                octets.octet(Integer.parseInt(text, at + 1, end, 16));
                yield end;
            }
            case 'u' -> unit(at + 1, to, octets);
            case 'U' -> {
                int point = fixed(at + 1, 8, to);
                if (!Character.isValidCodePoint(point)) {
                    throw tokens.errorAt(
                            at, "Expected eight hex digits up to 10ffff for \\U escape sequence");
                }
                octets(Character.toString(point), octets);
                yield at + 9;
            }
            default -> throw tokens.errorAt(at, "Invalid escape sequence in string literal.");
        };
    }

    /** Two units that name one character are joined. */
    private int unit(int at, int to, WireBuffer octets) throws SyntaxException {
        char unit = (char) fixed(at, 4, to);
        boolean joined =
                Character.isHighSurrogate(unit)
                        && at + 10 <= to
                        && text.startsWith("\\u", at + 4)
                        && digits(at + 6, at + 10, 16) == at + 10
                        && Character.isLowSurrogate((char) fixed(at + 6, 4, to));
        if (joined) {
            char low = (char) fixed(at + 6, 4, to);
            octets(Character.toString(Character.toCodePoint(unit, low)), octets);
            return at + 10;
        }
        if (Character.isSurrogate(unit)) {
            // As it would be in UTF-8 if it were a character: what a string must be is asked later.
            octets.octet(0xE0 | unit >> 12);
            octets.octet(0x80 | unit >> 6 & 0x3F);
            octets.octet(0x80 | unit & 0x3F);
        } else {
            octets(String.valueOf(unit), octets);
        }
        return at + 4;
    }

    private int fixed(int at, int count, int to) throws SyntaxException {
        if (digits(at, Math.min(to, at + count), 16) != at + count) {
            throw tokens.errorAt(
                    at,
                    count == 4
                            ? "Expected four hex digits for \\u escape sequence."
                            : "Expected eight hex digits up to 10ffff for \\U escape sequence");
        }
        return Integer.parseUnsignedInt(text, at, at + count, 16);
    }

    private int digits(int from, int to, int radix) {
        int end = from;
        while (end < to
                && text.charAt(end) <= 'f'
                && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end;
    }

    private static void octets(String plain, WireBuffer octets) {
        byte[] encoded = plain.getBytes(StandardCharsets.UTF_8);
        octets.raw(encoded, 0, encoded.length);
    }
}

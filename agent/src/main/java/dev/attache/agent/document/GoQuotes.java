package dev.attache.agent.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Text between quotes, as Go writes and reads it ({@code strconv.Quote}, {@code Unquote}). */
public final class GoQuotes {

    private static final String ESCAPED = "abfnrtv";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000b";

    private GoQuotes() {}

    /** In double quotes, with escapes for what cannot be printed. */
    public static String quote(String text) {
        return quote(text, '"', false);
    }

    /**
     * In quotes.
     *
     * @param ascii whether all else is escaped
     */
    public static String quote(String text, char quote, boolean ascii) {
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> escape(out, c, quote, ascii));
        return out.append(quote).toString();
    }

    private static void escape(StringBuilder out, int c, char quote, boolean ascii) {
        int simple = MEANT.indexOf(c);
        if (c == quote || c == '\\') {
            out.append('\\').append((char) c);
        } else if (simple >= 0) {
            out.append('\\').append(ESCAPED.charAt(simple));
        } else if (c < 0x80 ? c >= ' ' && c != 0x7f : !ascii && isPrintable(c)) {
            out.appendCodePoint(c);
        } else if (c < 0x80) {
            out.append(String.format("\\x%02x", c));
        } else {
            out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
    }

    /** What {@code unicode.IsPrint} takes: letters, marks, numbers, signs and the blank. */
    public static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /**
     * What a text between quotes says.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String unquote(String quoted) {
        int length = quoted.length();
        char quote = length == 0 ? ' ' : quoted.charAt(0);
        if (length < 2 || quoted.charAt(length - 1) != quote || "\"'`".indexOf(quote) < 0) {
            throw invalid();
        }
        String inner = quoted.substring(1, length - 1);
        if (quote == '`') {
            return inner.replace("\r", "");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < inner.length()) {
            at = unescape(inner, at, quote, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The next place. */
    private static int unescape(String inner, int at, char quote, ByteArrayOutputStream out) {
        int c = inner.codePointAt(at);
        int next = at + Character.charCount(c);
        if (c != '\\') {
            if (c == quote || c == '\n') {
                throw invalid();
            }
            out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            return next;
        }
        if (next >= inner.length()) {
            throw invalid();
        }
        char escape = inner.charAt(next++);
        int simple = ESCAPED.indexOf(escape);
        if (simple >= 0) {
            out.write(MEANT.charAt(simple));
            return next;
        }
        if (escape == '\\' || (escape == quote && (quote == '"' || quote == '\''))) {
            out.write(escape);
            return next;
        }
        return numbered(inner, next, escape, out);
    }

    private static int numbered(String inner, int next, char escape, ByteArrayOutputStream out) {
        boolean octal = escape >= '0' && escape <= '7';
        int digits = octal ? 3 : escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
        int start = octal ? next - 1 : next;
        if (digits == 0 || start + digits > inner.length()) {
            throw invalid();
        }
        long value = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = Character.digit(inner.charAt(i), octal ? 8 : 16);
            if (digit < 0 || inner.charAt(i) >= 0x80) {
                throw invalid();
            }
            value = value * (octal ? 8 : 16) + digit;
        }
        if (octal || escape == 'x') {
            if (value > 0xff) {
                throw invalid();
            }
            out.write((int) value);
        } else {
            if (value > Character.MAX_CODE_POINT || (value >= 0xd800 && value < 0xe000)) {
                throw invalid();
            }
            out.writeBytes(Character.toString((int) value).getBytes(StandardCharsets.UTF_8));
        }
        return start + digits;
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("invalid syntax");
    }
}

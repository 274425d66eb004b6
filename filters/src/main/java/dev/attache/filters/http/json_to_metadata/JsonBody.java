package dev.attache.filters.http.json_to_metadata;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole body of JSON (RFC 8259) to the letter: other readers here are lenient, take pieces,
 * or know no whole numbers. One use.
 */
final class JsonBody {

    /** What is nested deeper is refused, as in Envoy. */
    static final int MAX_DEPTH = 1000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** An object, or an array, of which the end is still to come. */
    private static final class Container {
        /** Null: an array, whose values nobody asks for. */
        final @Nullable Map<String, JsonValue> fields;

        String name = "";
        boolean first = true;

        Container(@Nullable Map<String, JsonValue> fields) {
            this.fields = fields;
        }

        void take(JsonValue value) {
            if (fields != null) {
                fields.put(name, value);
            }
        }

        JsonValue whole() {
            return fields == null ? new JsonValue.Items() : new JsonValue.Fields(fields);
        }
    }

    private final String text;
    private final ArrayDeque<Container> open = new ArrayDeque<>();
    private int at;

    private JsonBody(String text) {
        this.text = text;
    }

    /**
     * @param body stays the caller's
     */
    static JsonValue read(ByteBuf body) throws JsonSyntaxException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(body.nioBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new JsonSyntaxException("no UTF-8");
        }
        JsonBody reader = new JsonBody(text);
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            reader.at = 1;
        }
        JsonValue value = reader.document();
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.unexpected();
        }
        return value;
    }

    private JsonSyntaxException unexpected() {
        return new JsonSyntaxException("unexpected at character " + at);
    }

    private char peek() throws JsonSyntaxException {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** Not by recursion: whoever sends a body decides how deep it is. */
    private JsonValue document() throws JsonSyntaxException {
        JsonValue value = start();
        while (true) {
            if (value == null) {
                Container in = open.getLast();
                value = more(in) ? start() : open.removeLast().whole();
            } else if (open.isEmpty()) {
                return value;
            } else {
                open.getLast().take(value);
                value = null;
            }
        }
    }

    /** A value, or null where one has begun that has others in it. */
    private @Nullable JsonValue start() throws JsonSyntaxException {
        blanks();
        return switch (peek()) {
            case '{' -> enter(new HashMap<>());
            case '[' -> enter(null);
            case '"' -> new JsonValue.Text(string());
            case 't' -> word("true", new JsonValue.Flag(true));
            case 'f' -> word("false", new JsonValue.Flag(false));
            case 'n' -> word("null", new JsonValue.Nothing());
            default -> number();
        };
    }

    private JsonValue word(String word, JsonValue value) throws JsonSyntaxException {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private @Nullable JsonValue enter(@Nullable Map<String, JsonValue> fields)
            throws JsonSyntaxException {
        at++;
        if (open.size() == MAX_DEPTH) {
            throw new JsonSyntaxException("nested deeper than " + MAX_DEPTH);
        }
        open.addLast(new Container(fields));
        return null;
    }

    /** Whether there is one more; past what stands before its value, or past the end. */
    private boolean more(Container in) throws JsonSyntaxException {
        blanks();
        if (peek() == (in.fields == null ? ']' : '}')) {
            at++;
            return false;
        }
        if (!in.first) {
            expect(',');
        }
        in.first = false;
        if (in.fields != null) {
            blanks();
            if (peek() != '"') {
                throw unexpected();
            }
            in.name = string();
            blanks();
            expect(':');
        }
        return true;
    }

    private void expect(char c) throws JsonSyntaxException {
        if (peek() != c) {
            throw unexpected();
        }
        at++;
    }

    private String string() throws JsonSyntaxException {
        int start = ++at;
        StringBuilder out = null;
        while (true) {
            char c = peek();
            if (c < ' ') {
                throw unexpected();
            }
            if (c != '"' && c != '\\') {
                at++;
                continue;
            }
            if (c == '"' && out == null) {
                return text.substring(start, at++);
            }
            out = out == null ? new StringBuilder() : out;
            out.append(text, start, at++);
            if (c == '"') {
                return out.toString();
            }
            out.appendCodePoint(escaped());
            start = at;
        }
    }

    /** Behind a backslash. */
    private int escaped() throws JsonSyntaxException {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codePoint();
            default -> throw unexpected();
        };
    }

    private int codePoint() throws JsonSyntaxException {
        int first = hex();
        if (Character.isLowSurrogate((char) first)) {
            throw unexpected();
        }
        if (!Character.isHighSurrogate((char) first)) {
            return first;
        }
        if (!text.startsWith("\\u", at)) {
            throw unexpected();
        }
        at += 2;
        int second = hex();
        if (!Character.isLowSurrogate((char) second)) {
            throw unexpected();
        }
        return Character.toCodePoint((char) first, (char) second);
    }

    private int hex() throws JsonSyntaxException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw unexpected();
            }
            value = 16 * value + digit;
            at++;
        }
        return value;
    }

    private JsonValue number() throws JsonSyntaxException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        boolean whole = true;
        if (is('.')) {
            whole = false;
            at++;
            digits();
        }
        if (is('e') || is('E')) {
            whole = false;
            at++;
            if (is('+') || is('-')) {
                at++;
            }
            digits();
        }
        String figures = text.substring(start, at);
        return whole ? whole(figures) : fraction(figures);
    }

    private boolean is(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private void digits() throws JsonSyntaxException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw unexpected();
        }
    }

    /**
     * As in Envoy one that takes all of 64 bits without a sign has no type, and a longer one is a
     * fraction. No exception of Java's tells which: whoever sends a body decides how often.
     */
    private JsonValue whole(String figures) throws JsonSyntaxException {
        boolean negative = figures.startsWith("-");
        long number = 0;
        for (int i = negative ? 1 : 0; i < figures.length(); i++) {
            int digit = figures.charAt(i) - '0';
            boolean fits =
                    Math.unsignedMultiplyHigh(number, 10) == 0
                            && Long.compareUnsigned(number * 10, -1 - digit) <= 0;
            if (!fits) {
                return fraction(figures);
            }
            number = number * 10 + digit;
        }
        if (number >= 0 || negative && number == Long.MIN_VALUE) {
            return new JsonValue.Whole(negative ? -number : number);
        }
        if (negative) {
            return fraction(figures);
        }
        throw new JsonSyntaxException("larger than 64 bits with a sign");
    }

    private JsonValue fraction(String figures) throws JsonSyntaxException {
        double number = Double.parseDouble(figures);
        if (Double.isInfinite(number)) {
            throw new JsonSyntaxException("too large a number");
        }
        return new JsonValue.Fraction(number);
    }
}

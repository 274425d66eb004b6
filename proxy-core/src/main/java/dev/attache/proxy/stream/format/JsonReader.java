package dev.attache.proxy.stream.format;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the JSON inside of a command's parentheses (RFC 8259), strictly: configuration files have a
 * reader that is lenient and keeps places, bodies that become messages one that takes pieces. One
 * use each.
 */
final class JsonReader {

    private static final int MAX_DEPTH = 32;
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * @throws IllegalArgumentException naming the position of what is no JSON
     */
    static MetadataValue read(String text) {
        JsonReader reader = new JsonReader(text);
        MetadataValue value = reader.value();
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.invalid();
        }
        return value;
    }

    private MetadataValue value() {
        blanks();
        char c = peek();
        return switch (c) {
            case '{' -> struct();
            case '[' -> sequence();
            case '"' -> new MetadataValue.Text(string());
            case 't' -> literal("true", new MetadataValue.Bool(true));
            case 'f' -> literal("false", new MetadataValue.Bool(false));
            case 'n' -> literal("null", MetadataValue.Null.INSTANCE);
            default -> number();
        };
    }

    private MetadataValue struct() {
        enter();
        Map<String, MetadataValue> fields = new HashMap<>();
        while (more('}', fields.isEmpty())) {
            blanks();
            String key = string();
            blanks();
            expect(':');
            fields.put(key, value());
        }
        depth--;
        return new MetadataValue.Struct(fields);
    }

    private MetadataValue sequence() {
        enter();
        List<MetadataValue> values = new ArrayList<>();
        while (more(']', values.isEmpty())) {
            values.add(value());
        }
        depth--;
        return new MetadataValue.Sequence(values);
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw invalid();
        }
    }

    /** Takes the separator before another item, or the end. */
    private boolean more(char end, boolean first) {
        blanks();
        if (peek() == end) {
            at++;
            return false;
        }
        if (!first) {
            expect(',');
        }
        return true;
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < 0x20) {
                throw invalid();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw invalid();
                }
                at += 4;
                yield codeUnit(text.substring(at - 4, at));
            }
            default -> throw invalid();
        };
    }

    private char codeUnit(String hex) {
        try {
            return (char) HexFormat.fromHexDigits(hex);
        } catch (NumberFormatException e) {
            IllegalArgumentException invalid = invalid();
            invalid.initCause(e);
            throw invalid;
        }
    }

    /** RFC 8259 section 6, which is less than Java reads; infinite ones are none. */
    private MetadataValue number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        double value = NUMBER.matcher(digits).matches() ? Double.parseDouble(digits) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw invalid();
        }
        return new MetadataValue.Number(value);
    }

    private MetadataValue literal(String word, MetadataValue value) {
        if (!text.startsWith(word, at)) {
            throw invalid();
        }
        at += word.length();
        return value;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw invalid();
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw invalid();
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "JSON supplied is not valid. Error(line 1, column " + (at + 1) + ")");
    }
}

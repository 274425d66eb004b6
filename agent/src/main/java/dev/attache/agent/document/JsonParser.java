package dev.attache.agent.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON (RFC 8259), strictly. One use each. */
final class JsonParser {

    private static final int MAX_DEPTH = 200;
    private static final long EXACT = 1L << 53;
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;
    private int depth;

    JsonParser(String text) {
        this.text = text;
    }

    Object document() {
        Object value = value();
        blanks();
        if (at < text.length()) {
            throw invalid("something follows the value");
        }
        return value;
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", Json.NULL);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> fields = new LinkedHashMap<>();
        for (boolean first = true; more('}', first); first = false) {
            if (peek() != '"') {
                throw invalid("a name in quotes is expected");
            }
            String name = string();
            blanks();
            expect(':');
            fields.put(name, value());
        }
        return fields;
    }

    private List<Object> array() {
        enter();
        List<Object> items = new ArrayList<>();
        for (boolean first = true; more(']', first); first = false) {
            items.add(value());
        }
        return items;
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw invalid("nested deeper than " + MAX_DEPTH);
        }
    }

    private boolean more(char end, boolean first) {
        blanks();
        if (peek() == end) {
            at++;
            depth--;
            return false;
        }
        if (!first) {
            expect(',');
            blanks();
        }
        return true;
    }

    private Object number() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw invalid("a value is expected");
        }
        at = number.end();
        double value = Double.parseDouble(number.group());
        boolean whole = number.group(2) == null && number.group(3) == null;
        return whole && Math.abs(value) <= EXACT ? (Object) (long) value : (Object) value;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw invalid("a value is expected");
        }
        at += word.length();
        return value;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                at--;
                throw invalid("a control character stands in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
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
            case 'u' -> unicode();
            default -> throw invalid("no such escape: \\" + c);
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw invalid("\\u wants four hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw invalid("'" + c + "' is expected");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw invalid("the text ends too early");
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException invalid(String what) {
        return new IllegalArgumentException("no JSON: " + what + " at character " + (at + 1));
    }
}

package dev.attache.agent.document;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as trees of {@link Map}, {@link List}, {@link String}, {@link Long}, {@link Double}, {@link
 * Boolean} and {@link #NULL}; maps keep their order. Read strictly (RFC 8259), printed as Go's
 * {@code encoding/json} does: without blanks, with {@code <}, {@code >} and {@code &} escaped.
 */
public final class Json {

    /** The value {@code null}: maps of Java that hold nulls are a trap. */
    public static final Object NULL =
            new Object() {
                @Override
                public String toString() {
                    return "null";
                }
            };

    private static final long EXACT = 1L << 53;

    private Json() {}

    /**
     * Reads one value and nothing else.
     *
     * @throws IllegalArgumentException naming what is wrong and where
     */
    public static Object parse(String text) {
        try (JsonReader in = new JsonReader(new StringReader(text))) {
            in.setStrictness(Strictness.STRICT);
            Object value = value(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("no JSON: something follows the value");
            }
            return value;
        } catch (IOException e) {
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException("no JSON: " + what, e);
        }
    }

    private static Object value(JsonReader in) throws IOException {
        return switch (in.peek()) {
            case BEGIN_OBJECT -> object(in);
            case BEGIN_ARRAY -> array(in);
            case STRING -> in.nextString();
            case BOOLEAN -> in.nextBoolean();
            case NULL -> {
                in.nextNull();
                yield NULL;
            }
            case NUMBER -> number(in.nextString());
            default -> throw new IOException("a value is expected at " + in.getPath());
        };
    }

    private static Map<String, Object> object(JsonReader in) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            fields.put(in.nextName(), value(in));
        }
        in.endObject();
        return fields;
    }

    private static List<Object> array(JsonReader in) throws IOException {
        List<Object> items = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            items.add(value(in));
        }
        in.endArray();
        return items;
    }

    /** Whole ones that a double has exactly stay whole. */
    private static Object number(String text) {
        double value = Double.parseDouble(text);
        boolean whole = text.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
        return whole && Math.abs(value) <= EXACT ? (Object) (long) value : (Object) value;
    }

    /** One line. */
    public static String print(Object value) {
        StringBuilder out = new StringBuilder();
        print(out, value);
        return out.toString();
    }

    /** On many lines, by two blanks a level, as Go's {@code MarshalIndent}. */
    public static String pretty(Object value) {
        StringBuilder out = new StringBuilder();
        pretty(out, value, "\n");
        return out.toString();
    }

    private static void pretty(StringBuilder out, Object value, String line) {
        String inner = line + "  ";
        switch (value) {
            case Map<?, ?> map when !map.isEmpty() -> {
                out.append('{');
                map.forEach((name, field) -> {
                    separate(out);
                    out.append(inner);
                    quote(out, String.valueOf(name));
                    out.append(": ");
                    pretty(out, field, inner);
                });
                out.append(line).append('}');
            }
            case List<?> list when !list.isEmpty() -> {
                out.append('[');
                for (Object item : list) {
                    separate(out);
                    out.append(inner);
                    pretty(out, item, inner);
                }
                out.append(line).append(']');
            }
            default -> print(out, value);
        }
    }

    /** As Go prints a {@code float64} within JSON. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        String plain = new java.math.BigDecimal(Double.toString(value)).toPlainString();
        if (size >= 1e-6 && size < 1e21) {
            return plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
        }
        String text = Double.toString(value).replace(".0E", "E").replace("E-", "e-");
        return text.replace("E", "e+");
    }

    /** In quotes, as Go escapes strings. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        quote(out, text);
        return out.toString();
    }

    private static void print(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                map.forEach((name, field) -> {
                    separate(out);
                    quote(out, String.valueOf(name));
                    out.append(':');
                    print(out, field);
                });
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                for (Object item : list) {
                    separate(out);
                    print(out, item);
                }
                out.append(']');
            }
            case String text -> quote(out, text);
            case Double number -> out.append(number(number));
            default -> out.append(value);
        }
    }

    private static void separate(StringBuilder out) {
        char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append(escape(c));
                default -> {
                    if (c < ' ') {
                        out.append(escape(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static String escape(char c) {
        return String.format("\\u%04x", (int) c);
    }
}

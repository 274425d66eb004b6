package dev.attache.agent.document;

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

    private Json() {}

    /**
     * Reads one value and nothing else.
     *
     * @throws IllegalArgumentException naming what is wrong and where
     */
    public static Object parse(String text) {
        return new JsonParser(text).document();
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

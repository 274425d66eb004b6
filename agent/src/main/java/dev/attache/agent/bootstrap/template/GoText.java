package dev.attache.agent.bootstrap.template;

import dev.attache.agent.document.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values as Go's package {@code fmt} prints them. */
final class GoText {

    private GoText() {}

    /** {@code %v}. */
    static String plain(Object value) {
        return switch (value) {
            case Double number -> decimal(number);
            case List<?> list -> {
                StringBuilder out = new StringBuilder("[");
                for (Object item : list) {
                    out.append(out.length() > 1 ? " " : "").append(plain(item));
                }
                yield out.append(']').toString();
            }
            case Map<?, ?> map -> {
                StringBuilder out = new StringBuilder("map[");
                new TreeMap<>(map)
                        .forEach((name, item) ->
                                out.append(out.length() > 4 ? " " : "")
                                        .append(name)
                                        .append(':')
                                        .append(plain(item)));
                yield out.append(']').toString();
            }
            case GoObject object -> plain(object.json());
            default -> value == Json.NULL ? "<nil>" : value.toString();
        };
    }

    /** {@code fmt.Sprint}: a blank between two values of which none is text. */
    static String print(List<Object> values) {
        StringBuilder out = new StringBuilder();
        Object before = "";
        for (Object value : values) {
            if (!out.isEmpty() && !(before instanceof String) && !(value instanceof String)) {
                out.append(' ');
            }
            out.append(plain(value));
            before = value;
        }
        return out.toString();
    }

    /** {@code fmt.Sprintln}. */
    static String printLine(List<Object> values) {
        return String.join(" ", values.stream().map(GoText::plain).toList()) + "\n";
    }

    /** {@code fmt.Sprintf}, of the verbs {@code v s q d f g e x X o b c t T %}. */
    static String format(String format, List<Object> values) {
        StringBuilder out = new StringBuilder();
        int used = 0;
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = at;
            while (at < format.length() && "+-# 0123456789.".indexOf(format.charAt(at)) >= 0) {
                at++;
            }
            if (at >= format.length()) {
                return out.append("%!(NOVERB)").toString();
            }
            char verb = format.charAt(at++);
            if (verb == '%') {
                out.append('%');
            } else if (used >= values.size()) {
                out.append("%!").append(verb).append("(MISSING)");
            } else {
                out.append(one(format.substring(start, at - 1), verb, values.get(used++)));
            }
        }
        if (used < values.size()) {
            out.append("%!(EXTRA ").append(extra(values.subList(used, values.size()))).append(')');
        }
        return out.toString();
    }

    private static String extra(List<Object> values) {
        return String.join(
                ", ", values.stream().map(value -> type(value) + "=" + plain(value)).toList());
    }

    private static String one(String flags, char verb, Object value) {
        String numbers = flags.replace("#", "");
        return switch (verb) {
            case 'v' -> pad(flags, plain(value));
            case 's' -> value instanceof Number ? wrong(verb, value) : pad(flags, plain(value));
            case 'q' ->
                    pad(flags, value instanceof Number ? wrong(verb, value) : quote(plain(value)));
            case 't' -> value instanceof Boolean ? pad(flags, plain(value)) : wrong(verb, value);
            case 'T' -> type(value);
            case 'c' ->
                    value instanceof Long code
                            ? Character.toString(code.intValue())
                            : wrong(verb, value);
            case 'd', 'x', 'X', 'o' -> whole(numbers, verb, value);
            case 'b' ->
                    value instanceof Long whole ? Long.toBinaryString(whole) : wrong(verb, value);
            case 'f', 'e', 'g' ->
                    !(value instanceof Double)
                            ? wrong(verb, value)
                            : verb == 'g'
                                    ? pad(flags, plain(value))
                                    : String.format("%" + numbers + verb, value);
            default -> wrong(verb, value);
        };
    }

    private static String whole(String flags, char verb, Object value) {
        if (value instanceof Long) {
            return String.format("%" + flags + verb, value);
        }
        if (value instanceof String text && (verb == 'x' || verb == 'X')) {
            String hex =
                    java.util.HexFormat.of()
                            .formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return verb == 'x' ? hex : hex.toUpperCase(java.util.Locale.ROOT);
        }
        return wrong(verb, value);
    }

    private static String pad(String flags, String text) {
        String spaces = flags.replaceAll("[#+ ]", "").replaceFirst("^(-?)0+", "$1");
        return spaces.isEmpty() ? text : String.format("%" + spaces + "s", text);
    }

    private static String wrong(char verb, Object value) {
        return "%!" + verb + "(" + type(value) + "=" + plain(value) + ")";
    }

    /** The type's name in Go. */
    static String type(Object value) {
        return switch (value) {
            case String ignored -> "string";
            case Long ignored -> "int";
            case Double ignored -> "float64";
            case Boolean ignored -> "bool";
            case List<?> ignored -> "[]interface {}";
            case Map<?, ?> ignored -> "map[string]interface {}";
            case GoObject object -> object.type();
            default -> "<nil>";
        };
    }

    /** {@code %q}. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    int simple = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(c);
                    if (simple >= 0) {
                        out.append('\\').append("abfnrtv\\\"".charAt(simple));
                    } else if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                });
        return out.append('"').toString();
    }

    private static String decimal(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e6)) {
            java.math.BigDecimal exact = new java.math.BigDecimal(Double.toString(value));
            String digits = exact.unscaledValue().abs().toString().replaceAll("0+$", "");
            int exponent = exact.precision() - exact.scale() - 1;
            String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
            return (value < 0 ? "-" : "")
                    + digits.charAt(0)
                    + rest
                    + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        return Json.number(value);
    }
}

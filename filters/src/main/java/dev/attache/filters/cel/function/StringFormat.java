package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Null;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.filters.cel.value.TimeText;
import dev.attache.filters.cel.value.TypeName;
import dev.attache.filters.cel.value.Uint;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code 'format'.format([values])}: verbs {@code s d f e b o x X}. One use each. */
final class StringFormat {
    private static final int DIGITS = 6;

    /** More than anybody prints; a larger precision is a fault. */
    private static final int MAX_PRECISION = 1_000;

    private final String format;
    private final List<?> values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;

    private StringFormat(String format, List<?> values) {
        this.format = format;
        this.values = values;
    }

    /** The text, or a fault where the format is none or the values do not fit it. */
    static Object format(String format, List<?> values) {
        StringFormat one = new StringFormat(format, values);
        while (one.at < format.length()) {
            if (!one.step()) {
                return Fault.FAULT;
            }
        }
        return one.out.toString();
    }

    private boolean step() {
        char c = format.charAt(at++);
        if (c != '%') {
            out.append(c);
            return true;
        }
        if (at == format.length()) {
            return false;
        }
        if (format.charAt(at) == '%') {
            out.append('%');
            at++;
            return true;
        }
        int precision = precision();
        if (precision < 0 || at == format.length() || next == values.size()) {
            return false;
        }
        String text = clause(format.charAt(at++), values.get(next++), precision);
        if (text == null) {
            return false;
        }
        out.append(text);
        return true;
    }

    private int precision() {
        if (format.charAt(at) != '.') {
            return DIGITS;
        }
        int from = ++at;
        while (at < format.length() && Character.digit(format.charAt(at), 10) >= 0) {
            at++;
        }
        if (at == from || at - from > 4) {
            return -1;
        }
        int precision = Integer.parseInt(format, from, at, 10);
        return precision > MAX_PRECISION ? -1 : precision;
    }

    private static @Nullable String clause(char verb, Object value, int precision) {
        return switch (verb) {
            case 's' -> text(value);
            case 'd' ->
                    value instanceof Long || value instanceof Uint || value instanceof Double
                            ? text(value)
                            : null;
            case 'f' -> value instanceof Double real ? fixed(real, precision, "f") : null;
            case 'e' -> value instanceof Double real ? fixed(real, precision, "e") : null;
            case 'b' -> binary(value);
            case 'o' -> inBase(value, 8);
            case 'x' -> hexadecimal(value);
            case 'X' -> inCapitals(hexadecimal(value));
            default -> null;
        };
    }

    private static String fixed(double value, int precision, String verb) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        return String.format(Locale.ROOT, "%." + precision + verb, value);
    }

    private static @Nullable String inCapitals(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return text.toUpperCase(Locale.ROOT);
    }

    private static @Nullable String binary(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        return inBase(value, 2);
    }

    private static @Nullable String inBase(Object value, int base) {
        return switch (value) {
            case Long number -> Long.toString(number, base);
            case Uint number -> Long.toUnsignedString(number.bits(), base);
            default -> null;
        };
    }

    private static @Nullable String hexadecimal(Object value) {
        String octets =
                value instanceof String text
                        ? text
                        : value instanceof Bytes bytes ? bytes.octets() : null;
        if (octets == null) {
            return inBase(value, 16);
        }
        StringBuilder hex = new StringBuilder(octets.length() * 2);
        for (int i = 0; i < octets.length(); i++) {
            hex.append(Character.forDigit(octets.charAt(i) >> 4, 16))
                    .append(Character.forDigit(octets.charAt(i) & 15, 16));
        }
        return hex.toString();
    }

    private static @Nullable String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Bytes bytes -> bytes.octets();
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case Uint number -> number.toString();
            case Double real ->
                    Double.isFinite(real) ? Numbers.shortest(real) : fixed(real, 0, "f");
            case Null none -> "null";
            case TypeName type -> type.name();
            case Duration duration -> seconds(duration);
            case Instant time -> TimeText.json(time);
            case List<?> list -> list(list);
            case CelMap map -> map(map);
            default -> null;
        };
    }

    /** All of it in seconds. */
    private static String seconds(Duration duration) {
        BigInteger nanos =
                BigInteger.valueOf(duration.getSeconds())
                        .multiply(BigInteger.valueOf(1_000_000_000))
                        .add(BigInteger.valueOf(duration.getNano()));
        return new BigDecimal(nanos, 9).stripTrailingZeros().toPlainString() + "s";
    }

    private static @Nullable String list(List<?> list) {
        List<String> items = new ArrayList<>();
        for (Object item : list) {
            String text = text(item);
            if (text == null) {
                return null;
            }
            items.add(text);
        }
        return "[" + String.join(", ", items) + "]";
    }

    private static @Nullable String map(CelMap map) {
        List<Object> keys = map.keys();
        if (keys == null) {
            return null;
        }
        List<String> entries = new ArrayList<>();
        for (Object key : keys) {
            Object value = map.get(key);
            String text = value == null ? null : text(value);
            if (text == null) {
                return null;
            }
            entries.add(text(key) + ": " + text);
        }
        entries.sort(null);
        return "{" + String.join(", ", entries) + "}";
    }
}

package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.Digits;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Null;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.filters.cel.value.TimeText;
import dev.attache.filters.cel.value.TypeName;
import dev.attache.filters.cel.value.Uint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
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
        long precision = Digits.number(format, from, at);
        return at == from || precision == Digits.NONE || precision > MAX_PRECISION
                ? -1
                : (int) precision;
    }

    private static @Nullable String clause(char verb, Object value, int precision) {
        return switch (verb) {
            case 's' -> text(value);
            case 'd' ->
                    switch (value) {
                        case Long number -> number.toString();
                        case Uint number -> number.toString();
                        case Double real -> fixed((double) real, DIGITS);
                        default -> null;
                    };
            case 'f' -> fixed(value, precision);
            case 'e' -> scientific(value, precision);
            case 'b' -> binary(value);
            case 'o' -> inBase(value, 8);
            case 'x' -> hexadecimal(value);
            case 'X' -> inCapitals(hexadecimal(value));
            default -> null;
        };
    }

    /** A number of any type, or text that names one of the three that are none. */
    private static @Nullable Double real(Object value) {
        return switch (value) {
            case Double real -> real;
            case Long number -> (double) number;
            case Uint number -> number.real();
            case String text ->
                    switch (text) {
                        case "NaN" -> Double.NaN;
                        case "Infinity" -> Double.POSITIVE_INFINITY;
                        case "-Infinity" -> Double.NEGATIVE_INFINITY;
                        default -> null;
                    };
            default -> null;
        };
    }

    private static @Nullable String fixed(Object value, int precision) {
        Double real = real(value);
        return real == null ? null : fixed((double) real, precision);
    }

    /** All digits that it has, rounded to so many behind the dot. */
    private static String fixed(double value, int precision) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        String size =
                new BigDecimal(Math.abs(value))
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
        return isNegative(value) ? "-" + size : size;
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    private static boolean isNegative(double value) {
        return Double.compare(value, 0.0) < 0;
    }

    private static @Nullable String scientific(Object value, int precision) {
        Double real = real(value);
        if (real == null) {
            return null;
        }
        if (!Double.isFinite(real)) {
            return special(real);
        }
        BigDecimal size =
                new BigDecimal(Math.abs(real))
                        .round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int power = size.signum() == 0 ? 0 : size.precision() - size.scale() - 1;
        String digits = size.movePointLeft(power).setScale(precision).toPlainString();
        int exponent = Math.abs(power);
        return (isNegative(real) ? "-" : "")
                + digits
                + (power < 0 ? "e-" : "e+")
                + (exponent < 10 ? "0" : "")
                + exponent;
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
            case Double real -> Double.isFinite(real) ? Numbers.shortest(real) : special(real);
            case Null none -> "null";
            case TypeName type -> type.name();
            case Duration duration -> TimeText.seconds(duration);
            case Instant time -> TimeText.utc(time);
            case List<?> list -> list(list);
            case CelMap map -> map(map);
            default -> null;
        };
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

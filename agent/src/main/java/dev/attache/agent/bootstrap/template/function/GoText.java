package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Values as Go's package {@code fmt} prints them without a format. */
public final class GoText {

    private GoText() {}

    /** {@code %v}. */
    public static String plain(Object value) {
        return value instanceof String text ? text : GoFormat.format("%v", List.of(value));
    }

    /** {@code fmt.Sprint}: a blank between two values of which none is text. */
    static String print(List<Object> values) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0
                    && !(values.get(i - 1) instanceof String)
                    && !(values.get(i) instanceof String)) {
                out.append(' ');
            }
            out.append(plain(values.get(i)));
        }
        return out.toString();
    }

    /** {@code fmt.Sprintln}. */
    static String printLine(List<Object> values) {
        return String.join(" ", values.stream().map(GoText::plain).toList()) + "\n";
    }

    /** The type's name in Go. */
    public static String type(Object value) {
        return switch (value) {
            case String ignored -> "string";
            case Long ignored -> "int";
            case Double ignored -> "float64";
            case Boolean ignored -> "bool";
            case TextList ignored -> "[]string";
            case List<?> ignored -> "[]interface {}";
            case TextMap ignored -> "map[string]string";
            case Map<?, ?> ignored -> "map[string]interface {}";
            case GoObject object -> object.type();
            default -> "<nil>";
        };
    }

    /** What sort of type it is of ({@code reflect.Kind}). */
    static String kind(Object value) {
        return switch (value) {
            case List<?> ignored -> "slice";
            case Map<?, ?> ignored -> "map";
            case GoObject ignored -> "ptr";
            default -> isNil(value) ? "invalid" : type(value);
        };
    }

    /** Whether it is {@code nil} or not there. */
    public static boolean isNil(Object value) {
        return value == Json.NULL || value == Absent.VALUE;
    }

    /**
     * The shortest digits that mean the number, as {@code strconv.FormatFloat} has them.
     *
     * @param form {@code e}, {@code f}, or {@code g} for whichever is shorter
     */
    static String shortest(double value, char form) {
        BigDecimal exact = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        return digits(value, exact, form, -1);
    }

    /** The same with so many digits, of {@code e} and {@code f} after the point. */
    static String rounded(double value, char form, int precision) {
        return digits(value, new BigDecimal(Math.abs(value)), form, precision);
    }

    private static String digits(double value, BigDecimal size, char form, int precision) {
        boolean negative = value < 0 || (value == 0 && 1 / value < 0);
        String text =
                switch (form) {
                    case 'f' -> (precision < 0 ? size : scaled(size, precision)).toPlainString();
                    case 'e' -> exponent(size, precision, false);
                    default -> general(size, precision);
                };
        return (negative ? "-" : "") + text;
    }

    private static BigDecimal scaled(BigDecimal size, int scale) {
        return size.setScale(scale, java.math.RoundingMode.HALF_EVEN);
    }

    private static String general(BigDecimal size, int precision) {
        int wanted = precision == 0 ? 1 : precision;
        BigDecimal cut =
                (wanted < 0
                                ? size
                                : size.round(
                                        new java.math.MathContext(
                                                wanted, java.math.RoundingMode.HALF_EVEN)))
                        .stripTrailingZeros();
        int point = cut.signum() == 0 ? 0 : cut.precision() - cut.scale();
        int count = cut.signum() == 0 ? 0 : cut.precision();
        int limit = wanted < 0 ? 6 : wanted > count && count >= point ? count : wanted;
        int exponent = cut.signum() == 0 ? -1 : point - 1;
        if (exponent < -4 || (exponent >= limit && cut.signum() != 0)) {
            return exponent(cut, Math.max(0, count - 1), true);
        }
        return cut.signum() == 0 ? "0" : cut.scale() <= 0 ? plainWhole(cut) : cut.toPlainString();
    }

    private static String plainWhole(BigDecimal whole) {
        return whole.setScale(0).toPlainString();
    }

    /** {@code d.ddde+dd}. */
    private static String exponent(BigDecimal size, int precision, boolean exact) {
        BigDecimal cut =
                precision < 0 || exact
                        ? size.stripTrailingZeros()
                        : size.round(
                                new java.math.MathContext(
                                        precision + 1, java.math.RoundingMode.HALF_EVEN));
        String all = cut.unscaledValue().toString();
        int exponent = cut.signum() == 0 ? 0 : cut.precision() - cut.scale() - 1;
        StringBuilder rest = new StringBuilder(all.substring(1));
        while (precision >= 0 && rest.length() < precision) {
            rest.append('0');
        }
        return all.charAt(0)
                + (rest.isEmpty() ? "" : "." + rest)
                + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}

package dev.attache.config.load;

import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.config.load.tree.ConfigNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;

/**
 * Writes nodes as scalars of a field's type, by the rules of protobuf's JSON parser in legacy mode:
 * numbers and booleans may be quoted, enums are names in any case or numbers, strings must be
 * strings.
 */
final class ScalarWriter {
    private final FieldWriter out;

    ScalarWriter(FieldWriter out) {
        this.out = out;
    }

    /** Loaded when a number is not written the plain way: big integers cost a start something. */
    private static final class Bounds {
        static final BigInteger INT32_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
        static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
        static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

        static BigInteger min(FieldType.Kind kind) {
            return switch (kind) {
                case INT32, SINT32, SFIXED32, ENUM -> INT32_MIN;
                case INT64, SINT64, SFIXED64 -> INT64_MIN;
                default -> BigInteger.ZERO;
            };
        }

        static BigInteger max(FieldType.Kind kind) {
            return switch (kind) {
                case INT32, SINT32, SFIXED32, ENUM -> BigInteger.valueOf(Integer.MAX_VALUE);
                case INT64, SINT64, SFIXED64 -> BigInteger.valueOf(Long.MAX_VALUE);
                case UINT32, FIXED32 -> BigInteger.valueOf(0xFFFF_FFFFL);
                default -> UINT64_MAX;
            };
        }
    }

    /**
     * @param always even what says nothing, as the field has it without a value
     */
    void write(FieldType field, ConfigNode node, boolean always) throws BadValueException {
        switch (field.kind()) {
            case DOUBLE -> out.real(field, floating(node), always);
            case FLOAT -> out.real(field, single(node), always);
            case BOOL -> out.integer(field, bool(node) ? 1 : 0, always);
            case STRING -> out.text(field, text(node), always);
            case BYTES -> out.octets(field, bytes(node), always);
            case ENUM -> out.integer(field, enumValue(field, node), always);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field + " is a message");
            default -> out.integer(field, integer(field.kind(), node), always);
        }
    }

    static String text(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Text text) {
            return text.value();
        }
        throw BadValueException.unexpected(node, "\"");
    }

    private static long integer(FieldType.Kind kind, ConfigNode node) throws BadValueException {
        String digits = node instanceof ConfigNode.Number number ? number.text() : "";
        // Nearly every number of a configuration, and within the bounds of every kind.
        if (!digits.isEmpty() && digits.length() < 10 && isPlain(digits)) {
            return Long.parseLong(digits);
        }
        return ranged(node, Bounds.min(kind), Bounds.max(kind)).longValue();
    }

    private static boolean isPlain(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static BigInteger ranged(ConfigNode node, BigInteger min, BigInteger max)
            throws BadValueException {
        BigDecimal number = decimal(node);
        // A huge exponent must not be expanded into digits only to find that it is out of range.
        if (number.precision() - (long) number.scale() > 30) {
            throw BadValueException.of("JSON number out of range for int");
        }
        BigInteger value;
        try {
            value = number.scale() > 400 ? BigInteger.ZERO : number.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw BadValueException.of("expected integer, but JSON number had fractional part");
        }
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw BadValueException.of("JSON number out of range for int");
        }
        return value;
    }

    private static BigDecimal decimal(ConfigNode node) throws BadValueException {
        String digits = digits(node);
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw BadValueException.of("invalid number: '" + digits + "'");
        }
    }

    private static String digits(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Number number) {
            return number.text();
        }
        if (node instanceof ConfigNode.Text text) {
            return text.value();
        }
        throw BadValueException.of(
                "unexpected character: '"
                        + node.opening().substring(0, 1)
                        + "'; expected a number");
    }

    private static double single(ConfigNode node) throws BadValueException {
        double value = floating(node);
        if (Double.isFinite(value) && Math.abs(value) > Float.MAX_VALUE) {
            throw BadValueException.of("float out of range");
        }
        return value;
    }

    private static double floating(ConfigNode node) throws BadValueException {
        String digits = digits(node);
        if (node instanceof ConfigNode.Text) {
            switch (digits) {
                case "NaN":
                    return Double.NaN;
                case "Infinity":
                    return Double.POSITIVE_INFINITY;
                case "-Infinity":
                    return Double.NEGATIVE_INFINITY;
                default:
                    break;
            }
        }
        if (!isDecimal(digits)) {
            throw BadValueException.of("non-number characters in quoted number");
        }
        return real(digits);
    }

    /** The value of a number in decimal, which is not too large for one. */
    static double real(String digits) throws BadValueException {
        try {
            double value = Double.parseDouble(digits);
            if (Double.isFinite(value)) {
                return value;
            }
            throw BadValueException.of("invalid number: '" + digits + "'");
        } catch (NumberFormatException e) {
            throw BadValueException.of("non-number characters in quoted number");
        }
    }

    /** Whether it has nothing but what a number in decimal has; Java's parser takes more. */
    private static boolean isDecimal(String digits) {
        boolean any = false;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            any |= c >= '0' && c <= '9';
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return false;
            }
        }
        return any;
    }

    private static boolean bool(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Bool bool) {
            return bool.value();
        }
        String text = node instanceof ConfigNode.Text given ? given.value() : "";
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> true;
            case "false", "f", "no", "n", "0" -> false;
            default -> throw BadValueException.of("expected 'true' or 'false'");
        };
    }

    private static byte[] bytes(ConfigNode node) throws BadValueException {
        String encoded = text(node).replace('-', '+').replace('_', '/');
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw BadValueException.of("corrupt base64");
        }
    }

    private static long enumValue(FieldType field, ConfigNode node) throws BadValueException {
        EnumType type = field.enumeration();
        if (type.fullName().equals("google.protobuf.NullValue")) {
            return 0;
        }
        if (node instanceof ConfigNode.Text(String text, int line, int column)) {
            String name = text.replace('-', '_');
            for (EnumValue value : type.values()) {
                if (value.name().equalsIgnoreCase(name)) {
                    return value.number();
                }
            }
            if (!isNumber(text)) {
                throw BadValueException.unknownName("unknown enum value: '" + text + "'");
            }
        }
        return integer(FieldType.Kind.ENUM, node);
    }

    private static boolean isNumber(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return !digits.isEmpty() && isPlain(digits);
    }
}

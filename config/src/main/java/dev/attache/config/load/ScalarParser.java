package dev.attache.config.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.attache.config.api.NewerApi;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;

/**
 * Turns a node into a scalar of a field's type, by the rules of protobuf's JSON parser in legacy
 * mode: numbers and booleans may be quoted, enums are names in any case or numbers, strings must be
 * strings.
 */
final class ScalarParser {
    private static final BigInteger MAX_UINT64 =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private ScalarParser() {}

    static Object parse(FieldDescriptor field, ConfigNode node) throws BadValueException {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 ->
                    (int) integer(node, BigInteger.valueOf(Integer.MIN_VALUE), Integer.MAX_VALUE);
            case UINT32, FIXED32 -> (int) integer(node, BigInteger.ZERO, 0xFFFF_FFFFL);
            case INT64, SINT64, SFIXED64 ->
                    integer(node, BigInteger.valueOf(Long.MIN_VALUE), Long.MAX_VALUE);
            case UINT64, FIXED64 -> ranged(node, BigInteger.ZERO, MAX_UINT64).longValue();
            case DOUBLE -> floating(node);
            case FLOAT -> (float) floating(node);
            case BOOL -> bool(node);
            case STRING -> text(node);
            case BYTES -> bytes(node);
            case ENUM -> enumValue(field.getEnumType(), node);
            case MESSAGE, GROUP ->
                    throw new IllegalArgumentException(field.getFullName() + " is a message");
        };
    }

    static String text(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Text text) {
            return text.value();
        }
        throw BadValueException.unexpected(node, "\"");
    }

    private static long integer(ConfigNode node, BigInteger min, long max)
            throws BadValueException {
        String digits = node instanceof ConfigNode.Number number ? number.text() : "";
        // Nearly every number of a configuration; BigDecimal's tables alone cost a start some
        // milliseconds.
        if (!digits.isEmpty() && digits.length() < 10 && isPlain(digits)) {
            long value = Long.parseLong(digits);
            if (value <= max) {
                return value;
            }
        }
        return ranged(node, min, BigInteger.valueOf(max)).longValue();
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
        BigDecimal number = decimal(node, true);
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

    private static BigDecimal decimal(ConfigNode node, boolean integer) throws BadValueException {
        String digits =
                switch (node) {
                    case ConfigNode.Number number -> number.text();
                    case ConfigNode.Text text -> text.value();
                    default ->
                            throw BadValueException.of(
                                    "unexpected character: '"
                                            + node.opening().substring(0, 1)
                                            + "'; expected a number");
                };
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw BadValueException.of(
                    integer
                            ? "invalid number: '" + digits + "'"
                            : "non-number characters in quoted number");
        }
    }

    private static double floating(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Text text) {
            switch (text.value()) {
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
        return decimal(node, false).doubleValue();
    }

    private static boolean bool(ConfigNode node) throws BadValueException {
        return switch (node) {
            case ConfigNode.Bool bool -> bool.value();
            case ConfigNode.Text text ->
                    switch (text.value().toLowerCase(Locale.ROOT)) {
                        case "true", "t", "yes", "y", "1" -> true;
                        case "false", "f", "no", "n", "0" -> false;
                        default -> throw BadValueException.of("expected 'true' or 'false'");
                    };
            default -> throw BadValueException.of("expected 'true' or 'false'");
        };
    }

    private static ByteString bytes(ConfigNode node) throws BadValueException {
        String encoded = text(node).replace('-', '+').replace('_', '/');
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw BadValueException.of("corrupt base64");
        }
    }

    private static EnumValueDescriptor enumValue(EnumDescriptor type, ConfigNode node)
            throws BadValueException {
        if (type.getFullName().equals("google.protobuf.NullValue")) {
            return type.getValues().getFirst();
        }
        if (node instanceof ConfigNode.Text text) {
            String name = text.value().replace('-', '_');
            for (EnumValueDescriptor value : type.getValues()) {
                if (value.getName().equalsIgnoreCase(name)) {
                    return value;
                }
            }
            EnumValueDescriptor newer = NewerApi.value(type, name);
            if (newer != null) {
                return type.findValueByNumberCreatingIfUnknown(newer.getNumber());
            }
            if (!text.value().matches("-?[0-9]+")) {
                throw BadValueException.unknownName("unknown enum value: '" + text.value() + "'");
            }
        }
        int number = (int) integer(node, BigInteger.valueOf(Integer.MIN_VALUE), Integer.MAX_VALUE);
        return type.findValueByNumberCreatingIfUnknown(number);
    }
}

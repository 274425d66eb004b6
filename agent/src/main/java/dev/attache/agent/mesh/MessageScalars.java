package dev.attache.agent.mesh;

import static dev.attache.agent.mesh.MessageReader.wrong;

import dev.attache.agent.document.Json;
import dev.attache.agent.environment.GoDuration;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Values of single fields, to protobuf's JSON form. */
final class MessageScalars {

    private static final long UINT32 = 0xffff_ffffL;

    /** A whole number as JSON has it, which is what may stand in quotes. */
    private static final Pattern QUOTED = Pattern.compile("\\s*-?(0|[1-9][0-9]*)\\s*");

    private MessageScalars() {}

    /** A scalar, or a well-known type that is written as one. */
    static Object read(String type, Object value, String path) {
        return switch (type) {
            case "string", "StringValue" -> text(value, path);
            case "bool", "BoolValue" -> truth(value, path);
            case "int32", "Int32Value" -> whole(value, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "uint32", "UInt32Value" -> whole(value, path, 0, UINT32);
            case "int64", "Int64Value" ->
                    Long.toString(whole(value, path, Long.MIN_VALUE, Long.MAX_VALUE));
            case "double" -> decimal(value, path);
            case "Duration" -> duration(value, path);
            case "Struct" -> value;
            default -> throw new IllegalStateException(path + " is of the type " + type);
        };
    }

    /** The name of an enum's value, given by name or by number. */
    static Object enumeration(String name, Object value, String path) {
        Map<String, Integer> values = MessageTypes.values(name);
        if (value instanceof String text) {
            if (!values.containsKey(text)) {
                throw wrong(
                        path,
                        "one of " + String.join(", ", values.keySet()),
                        value,
                        "take one of them");
            }
            return text;
        }
        long number = whole(value, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
        for (Map.Entry<String, Integer> known : values.entrySet()) {
            if (known.getValue() == number) {
                return known.getKey();
            }
        }
        return number;
    }

    /** As protobuf writes durations: {@code 1.500s}. */
    static String print(Duration value) {
        String sign = value.isNegative() ? "-" : "";
        Duration size = value.abs();
        String nanos = String.format("%09d", size.getNano());
        while (nanos.endsWith("000")) {
            nanos = nanos.substring(0, nanos.length() - 3);
        }
        return sign + size.getSeconds() + (nanos.isEmpty() ? "" : "." + nanos) + "s";
    }

    private static String text(Object value, String path) {
        if (value == Json.NULL) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(path, "text", value, "put it in quotes");
    }

    private static boolean truth(Object value, String path) {
        if (value == Json.NULL) {
            return false;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrong(path, "true or false", value, "write one of them, without quotes");
    }

    private static long whole(Object value, String path, long least, long most) {
        if (value == Json.NULL) {
            return 0;
        }
        boolean unfit = value instanceof String text && !QUOTED.matcher(text).matches();
        try {
            long number =
                    value instanceof Boolean || unfit
                            ? Long.parseLong("no number")
                            : new BigDecimal(value.toString().strip()).longValueExact();
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    wrong(path, "a whole number", value, "give one").getMessage(), e);
        }
        throw wrong(path, "a number from " + least + " to " + most, value, "give one of them");
    }

    private static Object decimal(Object value, String path) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        try {
            return value == Json.NULL ? 0.0 : Double.valueOf(value.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    wrong(path, "a number", value, "give one").getMessage(), e);
        }
    }

    private static Object duration(Object value, String path) {
        if (value instanceof String text) {
            try {
                return print(GoDuration.parse(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        wrong(path, "a duration", value, "write it as 30s or 1h30m").getMessage(),
                        e);
            }
        }
        throw wrong(path, "a duration", value, "write it in quotes, as \"30s\"");
    }
}

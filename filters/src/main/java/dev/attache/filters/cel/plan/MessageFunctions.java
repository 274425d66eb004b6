package dev.attache.filters.cel.plan;

import dev.attache.filters.cel.function.Function;
import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Times;
import dev.attache.filters.cel.value.Uint;
import java.time.Duration;
import java.util.List;

/**
 * Messages that an expression can make: those of protobuf that stand for a value, which is what
 * comes of them.
 */
final class MessageFunctions {
    private static final String PREFIX = "google.protobuf.";
    private static final long UINT32_MAX = 0xffff_ffffL;

    private MessageFunctions() {}

    @FunctionalInterface
    private interface Value {
        Object of(Object given);
    }

    static Function.Several find(String type, List<String> fields) throws PlanException {
        String name = type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : "";
        boolean time = name.equals("Duration") || name.equals("Timestamp");
        for (String field : fields) {
            boolean known =
                    time ? field.equals("seconds") || field.equals("nanos") : field.equals("value");
            if (isKnown(name) && !known) {
                throw new PlanException(
                        "Invalid message creation: field '"
                                + field
                                + "' not found in '"
                                + type
                                + "'");
            }
        }
        if (time) {
            return values -> time(name, fields, values);
        }
        Object empty = empty(name);
        if (empty == Fault.FAULT) {
            throw new PlanException("messages of type '" + type + "' are not made by expressions");
        }
        return values -> values.length == 0 ? empty : wrapped(name, values[values.length - 1]);
    }

    private static boolean isKnown(String name) {
        return name.equals("Duration") || name.equals("Timestamp") || empty(name) != Fault.FAULT;
    }

    private static Object empty(String name) {
        return switch (name) {
            case "BoolValue" -> false;
            case "BytesValue" -> new Bytes("");
            case "StringValue" -> "";
            case "DoubleValue", "FloatValue" -> 0.0;
            case "Int32Value", "Int64Value" -> 0L;
            case "UInt32Value", "UInt64Value" -> new Uint(0);
            default -> Fault.FAULT;
        };
    }

    private static Object wrapped(String name, Object value) {
        boolean fits =
                switch (name) {
                    case "BoolValue" -> value instanceof Boolean;
                    case "BytesValue" -> value instanceof Bytes;
                    case "StringValue" -> value instanceof String;
                    case "DoubleValue", "FloatValue" -> value instanceof Double;
                    case "Int64Value" -> value instanceof Long;
                    case "Int32Value" ->
                            value instanceof Long number && number == number.intValue();
                    case "UInt64Value" -> value instanceof Uint;
                    default ->
                            value instanceof Uint number
                                    && Long.compareUnsigned(number.bits(), UINT32_MAX) <= 0;
                };
        if (!fits) {
            return Fault.FAULT;
        }
        return name.equals("FloatValue") && value instanceof Double real
                ? (Object) (double) (float) (double) real
                : value;
    }

    private static Object time(String name, List<String> fields, Object[] values) {
        long seconds = 0;
        long nanos = 0;
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] instanceof Long number)) {
                return Fault.FAULT;
            }
            if (fields.get(i).equals("seconds")) {
                seconds = number;
            } else if (number == number.intValue()) {
                nanos = number;
            } else {
                return Fault.FAULT;
            }
        }
        if (!name.equals("Duration")) {
            return Times.instant(seconds, nanos);
        }
        Object made = Times.duration(seconds, nanos);
        return made instanceof Duration duration && !Times.isInBounds(duration)
                ? Fault.FAULT
                : made;
    }
}

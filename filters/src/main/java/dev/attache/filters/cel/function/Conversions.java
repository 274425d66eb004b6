package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.filters.cel.value.TimeText;
import dev.attache.filters.cel.value.Uint;
import dev.attache.proxy.http.Octets;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From one type to another; what the other cannot hold is a fault. */
final class Conversions {
    private Conversions() {}

    static Function.@Nullable Unary find(String name) {
        return switch (name) {
            case "int" -> Conversions::toInt;
            case "uint" -> Conversions::toUint;
            case "double" -> Conversions::toDouble;
            case "bool" -> Conversions::toBool;
            case "bytes" -> Conversions::toBytes;
            case "duration" -> Conversions::toDuration;
            case "timestamp" -> Conversions::toTimestamp;
            default -> null;
        };
    }

    private static Object toInt(Object value) {
        return switch (value) {
            case Long number -> number;
            case Uint number -> number.bits() < 0 ? Fault.FAULT : (Object) number.bits();
            case Double real ->
                    real > Long.MIN_VALUE && real < Long.MAX_VALUE
                            ? (Object) (long) (double) real
                            : Fault.FAULT;
            case Boolean flag -> flag ? 1L : 0L;
            case Instant time -> time.getEpochSecond();
            case String text -> parseInt(text.strip());
            default -> Fault.FAULT;
        };
    }

    private static Object parseInt(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Fault.FAULT;
        }
    }

    private static Object toUint(Object value) {
        return switch (value) {
            case Uint number -> number;
            case Long number -> number < 0 ? Fault.FAULT : new Uint(number);
            case Double real ->
                    real >= 0 && real < 0x1p64
                            ? new Uint(new BigDecimal(real).toBigInteger().longValue())
                            : Fault.FAULT;
            case String text -> parseUint(text.strip());
            default -> Fault.FAULT;
        };
    }

    private static Object parseUint(String text) {
        try {
            return new Uint(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return Fault.FAULT;
        }
    }

    private static Object toDouble(Object value) {
        return switch (value) {
            case Double real -> real;
            case Long number -> (double) number;
            case Uint number -> Double.parseDouble(number.toString());
            case String text -> parseDouble(text.strip());
            default -> Fault.FAULT;
        };
    }

    private static Object parseDouble(String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        double sign = text.startsWith("-") ? -1 : 1;
        if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
            return sign * Double.POSITIVE_INFINITY;
        }
        if (unsigned.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.+-eE".indexOf(text.charAt(i)) < 0) {
                return Fault.FAULT; // Java reads more forms than C
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Fault.FAULT;
        }
    }

    private static Object toBool(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case String text ->
                    switch (text) {
                        case "true", "True", "TRUE", "t", "1" -> true;
                        case "false", "False", "FALSE", "f", "0" -> false;
                        default -> Fault.FAULT;
                    };
            default -> Fault.FAULT;
        };
    }

    private static Object toBytes(Object value) {
        return switch (value) {
            case Bytes bytes -> bytes;
            case String text -> new Bytes(text);
            default -> Fault.FAULT;
        };
    }

    private static Object toDuration(Object value) {
        return switch (value) {
            case Duration duration -> duration;
            case String text -> orFault(TimeText.duration(text));
            default -> Fault.FAULT;
        };
    }

    private static Object toTimestamp(Object value) {
        return switch (value) {
            case Instant time -> time;
            case Long seconds -> ofSeconds(seconds);
            case String text -> orFault(TimeText.timestamp(text));
            default -> Fault.FAULT;
        };
    }

    private static Object ofSeconds(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            return Fault.FAULT;
        }
    }

    private static Object orFault(@Nullable Object value) {
        return value == null ? Fault.FAULT : value;
    }

    static Object string(Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case Uint number -> number.toString();
            case Double real -> Numbers.shortest(real);
            case Bytes bytes -> Octets.isUtf8(bytes.octets()) ? bytes.octets() : Fault.FAULT;
            case Duration duration -> TimeText.json(duration);
            case Instant time -> TimeText.json(time);
            default -> Fault.FAULT;
        };
    }
}

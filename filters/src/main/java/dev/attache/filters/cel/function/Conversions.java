package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Digits;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Numbers;
import dev.attache.filters.cel.value.TimeReader;
import dev.attache.filters.cel.value.TimeText;
import dev.attache.filters.cel.value.Times;
import dev.attache.filters.cel.value.Uint;
import dev.attache.filters.metadata.NumberText;
import dev.attache.proxy.http.Octets;
import java.math.BigDecimal;
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
            case String text -> Digits.signed(text);
            default -> Fault.FAULT;
        };
    }

    private static Object toUint(Object value) {
        return switch (value) {
            case Uint number -> number;
            case Long number -> number < 0 ? Fault.FAULT : new Uint(number);
            case Double real ->
                    real >= 0 && real < 0x1p64
                            ? new Uint(new BigDecimal(real).toBigInteger().longValue())
                            : Fault.FAULT;
            case String text -> Digits.unsigned(text);
            default -> Fault.FAULT;
        };
    }

    private static Object toDouble(Object value) {
        return switch (value) {
            case Double real -> real;
            case Long number -> (double) number;
            case Uint number -> number.real();
            case String text -> orFault(NumberText.parse(text));
            default -> Fault.FAULT;
        };
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
            case String text -> orFault(TimeReader.duration(text));
            default -> Fault.FAULT;
        };
    }

    private static Object toTimestamp(Object value) {
        return switch (value) {
            case Instant time -> time;
            case Long seconds -> Times.instant(seconds, 0);
            case String text -> orFault(TimeReader.timestamp(text));
            default -> Fault.FAULT;
        };
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
            case Duration duration -> orFault(TimeText.json(duration));
            case Instant time -> orFault(TimeText.json(time));
            default -> Fault.FAULT;
        };
    }
}

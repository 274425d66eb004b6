package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Uint;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Operators of numbers and times. Both sides have the same type; an overflow is a fault. */
final class Arithmetic {
    private Arithmetic() {}

    static Object negate(Object value) {
        return switch (value) {
            case Long number when number != Long.MIN_VALUE -> -number;
            case Double real -> -real;
            default -> Fault.FAULT;
        };
    }

    static Object addOrConcatenate(Object left, Object right) {
        return switch (left) {
            case String a when right instanceof String b -> a + b;
            case Bytes a when right instanceof Bytes b -> new Bytes(a.octets() + b.octets());
            default -> add(left, right);
        };
    }

    static Object add(Object left, Object right) {
        try {
            return switch (left) {
                case Long a when right instanceof Long b -> Math.addExact(a, b);
                case Uint a when right instanceof Uint b -> sum(a.bits(), b.bits());
                case Double a when right instanceof Double b -> a + b;
                case Instant a when right instanceof Duration b -> a.plus(b);
                case Duration a when right instanceof Instant b -> b.plus(a);
                case Duration a when right instanceof Duration b -> a.plus(b);
                default -> Fault.FAULT;
            };
        } catch (ArithmeticException | DateTimeException e) {
            return Fault.FAULT;
        }
    }

    private static Object sum(long a, long b) {
        return Long.compareUnsigned(a + b, a) < 0 ? Fault.FAULT : new Uint(a + b);
    }

    static Object subtract(Object left, Object right) {
        try {
            return switch (left) {
                case Long a when right instanceof Long b -> Math.subtractExact(a, b);
                case Uint a when right instanceof Uint b ->
                        Long.compareUnsigned(a.bits(), b.bits()) < 0
                                ? Fault.FAULT
                                : new Uint(a.bits() - b.bits());
                case Double a when right instanceof Double b -> a - b;
                case Instant a when right instanceof Duration b -> a.minus(b);
                case Instant a when right instanceof Instant b -> between(b, a);
                case Duration a when right instanceof Duration b -> a.minus(b);
                default -> Fault.FAULT;
            };
        } catch (ArithmeticException | DateTimeException e) {
            return Fault.FAULT;
        }
    }

    private static Duration between(Instant from, Instant to) {
        long seconds = from.until(to, ChronoUnit.SECONDS);
        return Duration.between(from.plusSeconds(seconds), to).plusSeconds(seconds);
    }

    static Object multiply(Object left, Object right) {
        try {
            return switch (left) {
                case Long a when right instanceof Long b -> Math.multiplyExact(a, b);
                case Uint a when right instanceof Uint b ->
                        Math.unsignedMultiplyHigh(a.bits(), b.bits()) != 0
                                ? Fault.FAULT
                                : new Uint(a.bits() * b.bits());
                case Double a when right instanceof Double b -> a * b;
                default -> Fault.FAULT;
            };
        } catch (ArithmeticException e) {
            return Fault.FAULT;
        }
    }

    static Object divide(Object left, Object right) {
        return switch (left) {
            case Long a when right instanceof Long b ->
                    b == 0 || a == Long.MIN_VALUE && b == -1 ? Fault.FAULT : (Object) (a / b);
            case Uint a when right instanceof Uint b ->
                    b.bits() == 0 ? Fault.FAULT : new Uint(Long.divideUnsigned(a.bits(), b.bits()));
            case Double a when right instanceof Double b -> a / b;
            default -> Fault.FAULT;
        };
    }

    static Object remainder(Object left, Object right) {
        return switch (left) {
            case Long a when right instanceof Long b ->
                    b == 0 || a == Long.MIN_VALUE && b == -1 ? Fault.FAULT : (Object) (a % b);
            case Uint a when right instanceof Uint b ->
                    b.bits() == 0
                            ? Fault.FAULT
                            : new Uint(Long.remainderUnsigned(a.bits(), b.bits()));
            default -> Fault.FAULT;
        };
    }
}

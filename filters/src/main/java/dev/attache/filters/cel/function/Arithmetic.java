package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.Times;
import dev.attache.filters.cel.value.Uint;
import java.time.Duration;
import java.time.Instant;

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
        return switch (left) {
            case Long a when right instanceof Long b -> {
                long sum = a + b;
                yield Times.isOverflow(a, b, sum) ? Fault.FAULT : (Object) sum;
            }
            case Uint a when right instanceof Uint b -> sum(a.bits(), b.bits());
            case Double a when right instanceof Double b -> a + b;
            case Instant a when right instanceof Duration b -> Times.sum(a, b);
            case Duration a when right instanceof Instant b -> Times.sum(b, a);
            case Duration a when right instanceof Duration b -> Times.sum(a, b);
            default -> Fault.FAULT;
        };
    }

    private static Object sum(long a, long b) {
        return Long.compareUnsigned(a + b, a) < 0 ? Fault.FAULT : new Uint(a + b);
    }

    static Object subtract(Object left, Object right) {
        return switch (left) {
            case Long a when right instanceof Long b -> {
                long difference = a - b;
                yield Times.isOverflow(difference, b, a) ? Fault.FAULT : (Object) difference;
            }
            case Uint a when right instanceof Uint b ->
                    Long.compareUnsigned(a.bits(), b.bits()) < 0
                            ? Fault.FAULT
                            : new Uint(a.bits() - b.bits());
            case Double a when right instanceof Double b -> a - b;
            case Instant a when right instanceof Duration b -> Times.difference(a, b);
            case Instant a when right instanceof Instant b -> Times.difference(a, b);
            case Duration a when right instanceof Duration b -> Times.difference(a, b);
            default -> Fault.FAULT;
        };
    }

    static Object multiply(Object left, Object right) {
        return switch (left) {
            case Long a when right instanceof Long b -> {
                long product = a * b;
                // The upper half is nothing but the sign where the lower one is all.
                yield Math.multiplyHigh(a, b) == product >> 63 ? (Object) product : Fault.FAULT;
            }
            case Uint a when right instanceof Uint b ->
                    Math.unsignedMultiplyHigh(a.bits(), b.bits()) != 0
                            ? Fault.FAULT
                            : new Uint(a.bits() * b.bits());
            case Double a when right instanceof Double b -> a * b;
            default -> Fault.FAULT;
        };
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

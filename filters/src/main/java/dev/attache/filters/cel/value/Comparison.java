package dev.attache.filters.cel.value;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is equal, and what comes first. Stateless. */
public final class Comparison {

    /** Answer of {@link #order} for what has no order. */
    public static final int NONE = Integer.MIN_VALUE;

    /** Answer of {@link #order} for NaN: nothing holds of it. */
    public static final int UNORDERED = Integer.MAX_VALUE;

    private Comparison() {}

    /**
     * Whether two values are equal: values of different types differ, except numbers.
     *
     * @return a {@link Boolean}, or {@link Fault#FAULT} where a map is asked for a key that it
     *     cannot have
     */
    public static Object equal(Object left, Object right) {
        if (left instanceof String a) {
            return right instanceof String b && a.equals(b);
        }
        if (Numbers.is(left) && Numbers.is(right)) {
            return !Numbers.isNaN(left)
                    && !Numbers.isNaN(right)
                    && Numbers.compare(left, right) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return equalLists(a, b);
        }
        if (left instanceof CelMap a && right instanceof CelMap b) {
            return a.size() == b.size() ? equalMaps(a, b) : false;
        }
        return left.equals(right);
    }

    private static Object equalLists(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            Object equal = equal(left.get(i), right.get(i));
            if (equal != Boolean.TRUE) {
                return equal;
            }
        }
        return true;
    }

    private static Object equalMaps(CelMap left, CelMap right) {
        List<Object> keys = left.keys();
        if (keys == null) {
            return true; // of what does not tell its keys none is counted either
        }
        for (Object key : keys) {
            if (right instanceof StructMap && !(key instanceof String)) {
                return Fault.FAULT;
            }
            Object a = left.get(key);
            Object b = right.get(key);
            if (a == Fault.FAULT || b == Fault.FAULT) {
                return Fault.FAULT;
            }
            Object equal = a == null || b == null ? (Object) false : equal(a, b);
            if (equal != Boolean.TRUE) {
                return equal;
            }
        }
        return true;
    }

    /** Negative, zero or positive; {@link #NONE} or {@link #UNORDERED}. */
    public static int order(Object left, Object right) {
        if (Numbers.is(left) && Numbers.is(right)) {
            return Numbers.isNaN(left) || Numbers.isNaN(right)
                    ? UNORDERED
                    : Numbers.compare(left, right);
        }
        return switch (left) {
            case String a when right instanceof String b -> sign(a.compareTo(b));
            case Bytes a when right instanceof Bytes b -> sign(a.octets().compareTo(b.octets()));
            case Boolean a when right instanceof Boolean b -> sign(a.compareTo(b));
            case Duration a when right instanceof Duration b -> sign(a.compareTo(b));
            case Instant a when right instanceof Instant b -> sign(a.compareTo(b));
            default -> NONE;
        };
    }

    private static int sign(int order) {
        return Integer.signum(order);
    }
}

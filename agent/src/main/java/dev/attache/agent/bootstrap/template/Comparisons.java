package dev.attache.agent.bootstrap.template;

import dev.attache.agent.document.Json;
import java.util.List;

/** {@code eq}, {@code lt} and the like. */
final class Comparisons {

    private Comparisons() {}

    /** Whether the first is any of the others. */
    static Object equal(List<Object> arguments) {
        if (arguments.size() < 2) {
            throw new IllegalArgumentException("missing argument for comparison");
        }
        boolean any = false;
        for (Object other : arguments.subList(1, arguments.size())) {
            any |= same(List.of(arguments.getFirst(), other));
        }
        return any;
    }

    static boolean same(List<Object> two) {
        Object a = pair(two).getFirst();
        Object b = two.getLast();
        if (a == Json.NULL || b == Json.NULL) {
            return a == b;
        }
        if (a.getClass() != b.getClass()) {
            throw new IllegalArgumentException("incompatible types for comparison");
        }
        if (a instanceof List || a instanceof java.util.Map) {
            throw new IllegalArgumentException("non-comparable type " + GoText.type(a));
        }
        return a.equals(b);
    }

    /** Less than, equal to or greater than 0. */
    static int order(List<Object> two) {
        Object a = pair(two).getFirst();
        Object b = two.getLast();
        if (a instanceof Long first && b instanceof Long second) {
            return first.compareTo(second);
        }
        if (a instanceof Double first && b instanceof Double second) {
            return first.compareTo(second);
        }
        if (a instanceof String first && b instanceof String second) {
            return first.compareTo(second);
        }
        throw new IllegalArgumentException(
                a.getClass() == b.getClass()
                        ? "invalid type for comparison"
                        : "incompatible types for comparison");
    }

    private static List<Object> pair(List<Object> two) {
        if (two.size() != 2) {
            throw new IllegalArgumentException("wrong number of args: want 2 got " + two.size());
        }
        return two;
    }
}

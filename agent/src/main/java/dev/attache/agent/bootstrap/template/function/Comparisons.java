package dev.attache.agent.bootstrap.template.function;

import java.util.List;
import java.util.Map;

/** {@code eq}, {@code lt} and the like. */
final class Comparisons {

    private Comparisons() {}

    static void addTo(Map<String, TemplateFunction> all) {
        all.put("eq", TemplateFunction.of("vv*", Comparisons::isAny));
        all.put("ne", TemplateFunction.of("vv", two -> !isAny(two)));
        all.put("lt", TemplateFunction.of("vv", Comparisons::isLess));
        all.put("le", TemplateFunction.of("vv", Comparisons::isAtMost));
        all.put("gt", TemplateFunction.of("vv", two -> !isAtMost(two)));
        all.put("ge", TemplateFunction.of("vv", two -> !isLess(two)));
    }

    /** Whether the first is any of the others. */
    private static boolean isAny(List<Object> given) {
        if (given.size() < 2) {
            throw new IllegalArgumentException("missing argument for comparison");
        }
        for (Object other : given.subList(1, given.size())) {
            if (same(given.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Object a, Object b) {
        boolean simple = isSimple(a);
        if (simple ? a.getClass() == b.getClass() : !isSimple(b)) {
            return simple ? a.equals(b) : sameOthers(a, b);
        }
        if (GoText.isNil(a) || GoText.isNil(b)) {
            return false;
        }
        throw incompatible(a, b);
    }

    /** Lists, maps, structs and nil. */
    private static boolean sameOthers(Object a, Object b) {
        if (GoText.isNil(a) || GoText.isNil(b)) {
            return GoText.isNil(a) == GoText.isNil(b);
        }
        boolean alike =
                a instanceof List ? b instanceof List : (a instanceof Map) == (b instanceof Map);
        if (!alike) {
            throw new IllegalArgumentException(
                    "non-comparable types "
                            + GoFormat.format("%s", List.of(a))
                            + ": "
                            + GoText.type(a)
                            + ", "
                            + GoText.type(b)
                            + ": "
                            + GoText.plain(b));
        }
        if (b instanceof GoObject) {
            return a.equals(b);
        }
        throw new IllegalArgumentException(
                "non-comparable type " + GoFormat.format("%s", List.of(b)) + ": " + GoText.type(b));
    }

    private static boolean isAtMost(List<Object> two) {
        return isLess(two) || isAny(two);
    }

    private static boolean isLess(List<Object> two) {
        Object a = two.getFirst();
        Object b = two.getLast();
        if (!isSimple(a) || !isSimple(b)) {
            throw new IllegalArgumentException("invalid type for comparison");
        }
        if (a instanceof Long first && b instanceof Long second) {
            return first < second;
        }
        if (a instanceof Double first && b instanceof Double second) {
            return first < second;
        }
        if (a instanceof String first && b instanceof String second) {
            return first.compareTo(second) < 0;
        }
        throw a.getClass() == b.getClass()
                ? new IllegalArgumentException("invalid type for comparison")
                : incompatible(a, b);
    }

    private static boolean isSimple(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static IllegalArgumentException incompatible(Object a, Object b) {
        return new IllegalArgumentException(
                "incompatible types for comparison: " + GoText.type(a) + " and " + GoText.type(b));
    }
}

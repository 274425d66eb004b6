package dev.attache.agent.bootstrap.template.function;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** Functions on numbers, as sprig has them; what is no number is 0. */
public final class NumberFunctions {

    private NumberFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("int", TemplateFunction.of("a", arguments -> whole(Arguments.one(arguments))));
        all.put("int64", TemplateFunction.of("a", arguments -> whole(Arguments.one(arguments))));
        all.put("atoi", TemplateFunction.of("s", arguments -> whole(Arguments.one(arguments))));
        all.put(
                "float64",
                TemplateFunction.of("a", arguments -> decimal(Arguments.one(arguments))));
        all.put("add1", TemplateFunction.of("a", arguments -> whole(Arguments.one(arguments)) + 1));
        all.put(
                "ceil",
                TemplateFunction.of(
                        "a", arguments -> Math.ceil(decimal(Arguments.one(arguments)))));
        all.put(
                "floor",
                TemplateFunction.of(
                        "a", arguments -> Math.floor(decimal(Arguments.one(arguments)))));
        fold(all, "add", "a*", Long::sum);
        fold(all, "sub", "aa", (a, b) -> a - b);
        fold(all, "mul", "aa*", (a, b) -> a * b);
        fold(all, "div", "aa", (a, b) -> a / divisor(b));
        fold(all, "mod", "aa", (a, b) -> a % divisor(b));
        fold(all, "max", "aa*", Math::max);
        fold(all, "biggest", "aa*", Math::max);
        fold(all, "min", "aa*", Math::min);
        return all;
    }

    private static long divisor(long number) {
        if (number == 0) {
            throw new IllegalArgumentException("runtime error: integer divide by zero");
        }
        return number;
    }

    private static void fold(
            Map<String, TemplateFunction> all,
            String name,
            String signature,
            LongBinaryOperator operator) {
        all.put(name, TemplateFunction.of(signature, arguments -> folded(arguments, operator)));
    }

    private static Object folded(List<Object> arguments, LongBinaryOperator operator) {
        if (arguments.isEmpty()) {
            return 0L;
        }
        long value = whole(arguments.getFirst());
        for (Object argument : arguments.subList(1, arguments.size())) {
            value = operator.applyAsLong(value, whole(argument));
        }
        return value;
    }

    static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case Boolean truth -> truth ? 1 : 0;
            case String text ->
                    text.matches("[-+]?\\d{1,18}(\\.\\d*)?")
                            ? Long.parseLong(text.replaceFirst("\\..*", ""))
                            : 0;
            default -> 0;
        };
    }

    private static double decimal(Object value) {
        return switch (value) {
            case Double number -> number;
            case String text ->
                    text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
                            ? Double.parseDouble(text)
                            : 0;
            default -> whole(value);
        };
    }
}

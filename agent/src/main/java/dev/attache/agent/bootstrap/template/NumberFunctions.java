package dev.attache.agent.bootstrap.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** Functions on numbers, as sprig has them; what is no number is 0. */
final class NumberFunctions {

    private NumberFunctions() {}

    static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("int", arguments -> whole(Builtins.one(arguments)));
        all.put("int64", arguments -> whole(Builtins.one(arguments)));
        all.put("atoi", arguments -> whole(Builtins.one(arguments)));
        all.put("float64", arguments -> decimal(Builtins.one(arguments)));
        all.put("add1", arguments -> whole(Builtins.one(arguments)) + 1);
        all.put("ceil", arguments -> Math.ceil(decimal(Builtins.one(arguments))));
        all.put("floor", arguments -> Math.floor(decimal(Builtins.one(arguments))));
        fold(all, "add", Math::addExact);
        fold(all, "sub", Math::subtractExact);
        fold(all, "mul", Math::multiplyExact);
        fold(all, "div", (a, b) -> a / b);
        fold(all, "mod", (a, b) -> a % b);
        fold(all, "max", Math::max);
        fold(all, "min", Math::min);
        return all;
    }

    private static void fold(
            Map<String, TemplateFunction> all, String name, LongBinaryOperator operator) {
        all.put(name, arguments -> folded(arguments, operator));
    }

    private static Object folded(List<Object> arguments, LongBinaryOperator operator) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("wrong number of args: want at least 1 got 0");
        }
        long value = whole(arguments.getFirst());
        for (Object argument : arguments.subList(1, arguments.size())) {
            value = operator.applyAsLong(value, whole(argument));
        }
        return value;
    }

    private static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case Boolean truth -> truth ? 1 : 0;
            case String text -> text.matches("[-+]?\\d{1,18}") ? Long.parseLong(text) : 0;
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

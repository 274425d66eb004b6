package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Choices, questions about types, and JSON, as sprig has them. */
public final class ChoiceFunctions {

    private ChoiceFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        choices(all);
        types(all);
        for (String name : List.of("toJson", "mustToJson")) {
            all.put(name, TemplateFunction.of("a", given -> json(Arguments.one(given))));
        }
        for (String name : List.of("toRawJson", "mustToRawJson")) {
            all.put(name, TemplateFunction.of("a", given -> raw(json(Arguments.one(given)))));
        }
        all.put("fromJson", TemplateFunction.of("s", given -> parsed(given, false)));
        all.put("mustFromJson", TemplateFunction.of("s", given -> parsed(given, true)));
        all.put(
                "fail",
                TemplateFunction.of(
                        "s",
                        given -> {
                            throw new IllegalArgumentException(Arguments.text(given, 0));
                        }));
        return all;
    }

    private static void choices(Map<String, TemplateFunction> all) {
        all.put(
                "default",
                TemplateFunction.of(
                        "aa*",
                        given ->
                                given.size() > 1 && Builtins.truth(given.get(1))
                                        ? given.get(1)
                                        : given.getFirst()));
        all.put("empty", TemplateFunction.of("a", given -> !Builtins.truth(given.getFirst())));
        all.put(
                "coalesce",
                TemplateFunction.of(
                        "a*",
                        given ->
                                given.stream()
                                        .filter(Builtins::truth)
                                        .findFirst()
                                        .orElse(Json.NULL)));
        all.put(
                "ternary",
                TemplateFunction.of(
                        "aab", given -> given.get(Builtins.truth(given.get(2)) ? 0 : 1)));
        all.put(
                "all",
                TemplateFunction.of("a*", given -> given.stream().allMatch(Builtins::truth)));
        all.put(
                "any",
                TemplateFunction.of("a*", given -> given.stream().anyMatch(Builtins::truth)));
        all.put(
                "deepEqual",
                TemplateFunction.of("aa", given -> given.getFirst().equals(given.getLast())));
    }

    private static void types(Map<String, TemplateFunction> all) {
        all.put("typeOf", TemplateFunction.of("a", given -> GoText.type(given.getFirst())));
        all.put("kindOf", TemplateFunction.of("a", given -> GoText.kind(given.getFirst())));
        all.put(
                "typeIs",
                TemplateFunction.of(
                        "sa", given -> given.getFirst().equals(GoText.type(given.get(1)))));
        all.put(
                "typeIsLike",
                TemplateFunction.of(
                        "sa",
                        given -> {
                            String type = GoText.type(given.get(1));
                            return type.equals(given.getFirst())
                                    || type.equals("*" + given.getFirst());
                        }));
        all.put(
                "kindIs",
                TemplateFunction.of(
                        "sa", given -> given.getFirst().equals(GoText.kind(given.get(1)))));
    }

    /** A value as JSON, with the names of maps in order, as Go prints them. */
    public static String json(Object value) {
        return Json.print(sorted(value));
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new TreeMap<>();
                map.forEach((name, item) -> copy.put(String.valueOf(name), sorted(item)));
                yield copy;
            }
            case List<?> list -> list.stream().map(item -> sorted((Object) item)).toList();
            case GoObject object -> sorted(object.json());
            default -> value;
        };
    }

    private static String raw(String json) {
        return json.replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&");
    }

    private static Object parsed(List<Object> given, boolean must) {
        try {
            return real(Json.parse(Arguments.text(given, 0)));
        } catch (IllegalArgumentException e) {
            if (must) {
                throw e;
            }
            return Json.NULL;
        }
    }

    /** In Go every number of JSON is a real one. */
    private static Object real(Object value) {
        return switch (value) {
            case Long number -> number.doubleValue();
            case List<?> list -> list.stream().map(item -> real((Object) item)).toList();
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, item) -> copy.put(String.valueOf(name), real(item)));
                yield copy;
            }
            default -> value;
        };
    }
}

package dev.attache.agent.bootstrap.template.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Functions on maps, as sprig has them. */
public final class MapFunctions {

    private MapFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("dict", TemplateFunction.of("a*", MapFunctions::dictionary));
        all.put(
                "get",
                TemplateFunction.of(
                        "ms",
                        given ->
                                Arguments.map(given, 0)
                                        .getOrDefault(Arguments.text(given, 1), "")));
        all.put(
                "hasKey",
                TemplateFunction.of(
                        "ms",
                        given -> Arguments.map(given, 0).containsKey(Arguments.text(given, 1))));
        all.put("set", TemplateFunction.of("msa", MapFunctions::set));
        all.put("unset", TemplateFunction.of("ms", MapFunctions::unset));
        all.put("pluck", TemplateFunction.of("sm*", MapFunctions::pluck));
        all.put("keys", TemplateFunction.of("m*", MapFunctions::keys));
        all.put(
                "values",
                TemplateFunction.of(
                        "m", given -> new ArrayList<Object>(Arguments.map(given, 0).values())));
        all.put("pick", TemplateFunction.of("ms*", given -> named(given, true)));
        all.put("omit", TemplateFunction.of("ms*", given -> named(given, false)));
        all.put("dig", TemplateFunction.of("a*", MapFunctions::dig));
        for (String name : List.of("merge", "mustMerge")) {
            all.put(name, TemplateFunction.of("mm*", given -> merge(given, false)));
        }
        for (String name : List.of("mergeOverwrite", "mustMergeOverwrite")) {
            all.put(name, TemplateFunction.of("mm*", given -> merge(given, true)));
        }
        for (String name : List.of("deepCopy", "mustDeepCopy")) {
            all.put(name, TemplateFunction.of("a", given -> copy(given.getFirst())));
        }
        return all;
    }

    private static Object dictionary(List<Object> given) {
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < given.size(); i += 2) {
            map.put(GoText.plain(given.get(i)), i + 1 < given.size() ? given.get(i + 1) : "");
        }
        return map;
    }

    private static Object set(List<Object> given) {
        Map<String, Object> map = Arguments.map(given, 0);
        map.put(Arguments.text(given, 1), given.get(2));
        return map;
    }

    private static Object unset(List<Object> given) {
        Map<String, Object> map = Arguments.map(given, 0);
        map.remove(Arguments.text(given, 1));
        return map;
    }

    private static Object pluck(List<Object> given) {
        List<Object> found = new ArrayList<>();
        for (int i = 1; i < given.size(); i++) {
            Object value = Arguments.map(given, i).get(Arguments.text(given, 0));
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    private static Object keys(List<Object> given) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            keys.addAll(Arguments.map(given, i).keySet());
        }
        return new TextList(keys);
    }

    private static Object named(List<Object> given, boolean wanted) {
        Map<String, Object> result = new TreeMap<>();
        List<Object> names = given.subList(1, given.size());
        Arguments.map(given, 0)
                .forEach((name, value) -> {
                    if (names.contains(name) == wanted) {
                        result.put(name, value);
                    }
                });
        return result;
    }

    private static Object dig(List<Object> given) {
        if (given.size() < 3) {
            throw new IllegalArgumentException("dig needs at least three arguments");
        }
        Object value = given.getLast();
        conversion(value instanceof Map, value, "map[string]interface {}");
        List<Object> names = given.subList(0, given.size() - 2);
        names.forEach(name -> conversion(name instanceof String, name, "string"));
        for (Object name : names) {
            conversion(value instanceof Map, value, "map[string]interface {}");
            Object found = ((Map<?, ?>) value).get(name);
            if (found == null) {
                return given.get(given.size() - 2);
            }
            value = found;
        }
        return value;
    }

    private static void conversion(boolean fits, Object value, String wanted) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "interface conversion: interface {} is "
                            + (GoText.isNil(value) ? "nil" : GoText.type(value))
                            + ", not "
                            + wanted);
        }
    }

    private static Object merge(List<Object> given, boolean over) {
        Map<String, Object> into = Arguments.map(given, 0);
        for (int i = 1; i < given.size(); i++) {
            merge(into, Arguments.map(given, i), over);
        }
        return into;
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Map<String, Object> from, boolean over) {
        from.forEach((name, value) -> {
            Object known = into.get(name);
            if (known instanceof Map && value instanceof Map) {
                merge((Map<String, Object>) known, (Map<String, Object>) value, over);
            } else if (known == null || (over ? Builtins.truth(value) : !Builtins.truth(known))) {
                into.put(name, copy(value));
            }
        });
    }

    private static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new TreeMap<>();
                map.forEach((name, item) -> copy.put(String.valueOf(name), copy(item)));
                yield copy;
            }
            case List<?> list -> new ArrayList<>(list.stream().map(MapFunctions::copy).toList());
            default -> value;
        };
    }
}

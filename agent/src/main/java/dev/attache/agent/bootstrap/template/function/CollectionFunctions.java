package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Functions on lists and maps, choices and JSON, as sprig has them. */
public final class CollectionFunctions {

    private CollectionFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        choices(all);
        lists(all);
        all.put("dict", TemplateFunction.of("a*", CollectionFunctions::dictionary));
        all.put(
                "get",
                TemplateFunction.of(
                        "ms",
                        arguments ->
                                found(map(arguments, 0).get(Arguments.text(arguments, 1)), "")));
        all.put(
                "hasKey",
                TemplateFunction.of(
                        "ms",
                        arguments -> map(arguments, 0).containsKey(Arguments.text(arguments, 1))));
        all.put(
                "keys",
                TemplateFunction.of(
                        "m*", arguments -> new ArrayList<Object>(map(arguments, 0).keySet())));
        all.put(
                "values",
                TemplateFunction.of(
                        "m", arguments -> new ArrayList<Object>(map(arguments, 0).values())));
        all.put(
                "toJson",
                TemplateFunction.of(
                        "a", arguments -> Json.print(sorted(Arguments.one(arguments)))));
        all.put(
                "toRawJson",
                TemplateFunction.of(
                        "a", arguments -> raw(Json.print(sorted(Arguments.one(arguments))))));
        all.put(
                "fromJson",
                TemplateFunction.of("s", arguments -> Json.parse(Arguments.text(arguments, 0))));
        all.put(
                "fail",
                TemplateFunction.of(
                        "s",
                        arguments -> {
                            throw new IllegalArgumentException(Arguments.text(arguments, 0));
                        }));
        return all;
    }

    private static void choices(Map<String, TemplateFunction> all) {
        all.put(
                "default",
                TemplateFunction.of(
                        "aa*",
                        arguments ->
                                arguments.size() > 1 && Builtins.truth(arguments.get(1))
                                        ? arguments.get(1)
                                        : arguments.getFirst()));
        all.put(
                "empty",
                TemplateFunction.of("a", arguments -> !Builtins.truth(Arguments.one(arguments))));
        all.put(
                "coalesce",
                TemplateFunction.of(
                        "a*",
                        arguments ->
                                arguments.stream()
                                        .filter(Builtins::truth)
                                        .findFirst()
                                        .orElse(Json.NULL)));
        all.put(
                "ternary",
                TemplateFunction.of(
                        "aab",
                        arguments -> arguments.get(Builtins.truth(arguments.get(2)) ? 0 : 1)));
        all.put(
                "all",
                TemplateFunction.of(
                        "a*", arguments -> arguments.stream().allMatch(Builtins::truth)));
        all.put(
                "any",
                TemplateFunction.of(
                        "a*", arguments -> arguments.stream().anyMatch(Builtins::truth)));
        all.put(
                "typeOf",
                TemplateFunction.of("a", arguments -> GoText.type(Arguments.one(arguments))));
        all.put(
                "kindIs",
                TemplateFunction.of(
                        "sa",
                        arguments -> Arguments.text(arguments, 0).equals(kind(arguments.get(1)))));
        all.put("kindOf", TemplateFunction.of("a", arguments -> kind(Arguments.one(arguments))));
    }

    private static void lists(Map<String, TemplateFunction> all) {
        all.put("list", TemplateFunction.of("a*", ArrayList::new));
        all.put("tuple", TemplateFunction.of("a*", ArrayList::new));
        all.put("slice", TemplateFunction.of("aa*", CollectionFunctions::slice));
        all.put("first", TemplateFunction.of("a", arguments -> end(list(arguments, 0), true)));
        all.put("last", TemplateFunction.of("a", arguments -> end(list(arguments, 0), false)));
        all.put("rest", TemplateFunction.of("a", arguments -> part(list(arguments, 0), 1, 0)));
        all.put("initial", TemplateFunction.of("a", arguments -> part(list(arguments, 0), 0, 1)));
        all.put(
                "has",
                TemplateFunction.of(
                        "aa", arguments -> list(arguments, 1).contains(arguments.getFirst())));
        all.put(
                "join",
                TemplateFunction.of(
                        "sa",
                        arguments ->
                                String.join(
                                        Arguments.text(arguments, 0),
                                        list(arguments, 1).stream().map(GoText::plain).toList())));
        all.put(
                "sortAlpha",
                TemplateFunction.of(
                        "a",
                        arguments ->
                                List.<Object>copyOf(
                                        list(arguments, 0).stream()
                                                .map(GoText::plain)
                                                .sorted()
                                                .toList())));
        all.put(
                "uniq",
                TemplateFunction.of(
                        "a",
                        arguments ->
                                new ArrayList<Object>(new LinkedHashSet<>(list(arguments, 0)))));
        all.put(
                "reverse",
                TemplateFunction.of(
                        "a",
                        arguments -> {
                            List<Object> copy = new ArrayList<>(list(arguments, 0));
                            Collections.reverse(copy);
                            return copy;
                        }));
        all.put(
                "append",
                TemplateFunction.of(
                        "aa",
                        arguments -> {
                            List<Object> copy = new ArrayList<>(list(arguments, 0));
                            copy.add(arguments.get(1));
                            return copy;
                        }));
        all.put(
                "concat",
                TemplateFunction.of(
                        "a*",
                        arguments -> {
                            List<Object> copy = new ArrayList<>();
                            for (int i = 0; i < arguments.size(); i++) {
                                copy.addAll(list(arguments, i));
                            }
                            return copy;
                        }));
        all.put(
                "compact",
                TemplateFunction.of(
                        "a",
                        arguments -> list(arguments, 0).stream().filter(Builtins::truth).toList()));
    }

    /** The same with maps in the order of their names, as Go prints them. */
    public static Object sorted(Object value) {
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

    private static Object dictionary(List<Object> arguments) {
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            map.put(
                    GoText.plain(arguments.get(i)),
                    i + 1 < arguments.size() ? arguments.get(i + 1) : "");
        }
        return map;
    }

    private static String kind(Object value) {
        return switch (value) {
            case List<?> ignored -> "slice";
            case Map<?, ?> ignored -> "map";
            case GoObject ignored -> "ptr";
            default -> value == Json.NULL ? "invalid" : GoText.type(value);
        };
    }

    /** sprig's, which stands before Go's own: of lists only. */
    private static Object slice(List<Object> arguments) {
        if (!(arguments.getFirst() instanceof List<?> list)) {
            throw new IllegalArgumentException(
                    "list should be type of slice or array but " + kind(arguments.getFirst()));
        }
        if (list.isEmpty()) {
            return Json.NULL;
        }
        long from = arguments.size() > 1 ? NumberFunctions.whole(arguments.get(1)) : 0;
        long to = arguments.size() > 2 ? NumberFunctions.whole(arguments.get(2)) : list.size();
        if (from < 0 || to < from || to > list.size()) {
            throw new IllegalArgumentException("reflect.Value.Slice: slice index out of bounds");
        }
        return List.copyOf(list.subList((int) from, (int) to));
    }

    private static Object end(List<?> list, boolean first) {
        return list.isEmpty() ? Json.NULL : first ? list.getFirst() : list.getLast();
    }

    private static Object part(List<?> list, int from, int less) {
        return List.copyOf(
                list.subList(Math.min(from, list.size()), Math.max(0, list.size() - less)));
    }

    private static Object found(@org.jspecify.annotations.Nullable Object value, Object otherwise) {
        return value == null ? otherwise : value;
    }

    private static List<?> list(List<Object> arguments, int at) {
        if (at < arguments.size() && arguments.get(at) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("a list is expected");
    }

    private static Map<?, ?> map(List<Object> arguments, int at) {
        if (at < arguments.size() && arguments.get(at) instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("a dict is expected");
    }
}

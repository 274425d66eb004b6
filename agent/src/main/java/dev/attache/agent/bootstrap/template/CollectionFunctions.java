package dev.attache.agent.bootstrap.template;

import static dev.attache.agent.bootstrap.template.Builtins.one;
import static dev.attache.agent.bootstrap.template.Builtins.text;
import static dev.attache.agent.bootstrap.template.Builtins.truth;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Functions on lists and maps, choices and JSON, as sprig has them. */
final class CollectionFunctions {

    private CollectionFunctions() {}

    static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        choices(all);
        lists(all);
        all.put("dict", CollectionFunctions::dictionary);
        all.put("get", arguments -> found(map(arguments, 0).get(text(arguments, 1)), ""));
        all.put("hasKey", arguments -> map(arguments, 0).containsKey(text(arguments, 1)));
        all.put("keys", arguments -> new ArrayList<Object>(map(arguments, 0).keySet()));
        all.put("values", arguments -> new ArrayList<Object>(map(arguments, 0).values()));
        all.put("toJson", arguments -> Json.print(sorted(one(arguments))));
        all.put("toRawJson", arguments -> raw(Json.print(sorted(one(arguments)))));
        all.put("fromJson", arguments -> Json.parse(text(arguments, 0)));
        all.put(
                "fail",
                arguments -> {
                    throw new IllegalArgumentException(text(arguments, 0));
                });
        return all;
    }

    private static void choices(Map<String, TemplateFunction> all) {
        all.put(
                "default",
                arguments ->
                        arguments.size() > 1 && truth(arguments.get(1))
                                ? arguments.get(1)
                                : arguments.getFirst());
        all.put("empty", arguments -> !truth(one(arguments)));
        all.put(
                "coalesce",
                arguments ->
                        arguments.stream().filter(Builtins::truth).findFirst().orElse(Json.NULL));
        all.put("ternary", arguments -> arguments.get(truth(arguments.get(2)) ? 0 : 1));
        all.put("all", arguments -> arguments.stream().allMatch(Builtins::truth));
        all.put("any", arguments -> arguments.stream().anyMatch(Builtins::truth));
        all.put("typeOf", arguments -> GoText.type(one(arguments)));
        all.put("kindIs", arguments -> text(arguments, 0).equals(kind(arguments.get(1))));
        all.put("kindOf", arguments -> kind(one(arguments)));
    }

    private static void lists(Map<String, TemplateFunction> all) {
        all.put("list", ArrayList::new);
        all.put("tuple", ArrayList::new);
        all.put("first", arguments -> end(list(arguments, 0), true));
        all.put("last", arguments -> end(list(arguments, 0), false));
        all.put("rest", arguments -> part(list(arguments, 0), 1, 0));
        all.put("initial", arguments -> part(list(arguments, 0), 0, 1));
        all.put("has", arguments -> list(arguments, 1).contains(arguments.getFirst()));
        all.put(
                "join",
                arguments ->
                        String.join(
                                text(arguments, 0),
                                list(arguments, 1).stream().map(GoText::plain).toList()));
        all.put(
                "sortAlpha",
                arguments ->
                        List.<Object>copyOf(
                                list(arguments, 0).stream().map(GoText::plain).sorted().toList()));
        all.put(
                "uniq",
                arguments -> new ArrayList<Object>(new LinkedHashSet<>(list(arguments, 0))));
        all.put(
                "reverse",
                arguments -> {
                    List<Object> copy = new ArrayList<>(list(arguments, 0));
                    Collections.reverse(copy);
                    return copy;
                });
        all.put(
                "append",
                arguments -> {
                    List<Object> copy = new ArrayList<>(list(arguments, 0));
                    copy.add(arguments.get(1));
                    return copy;
                });
        all.put(
                "concat",
                arguments -> {
                    List<Object> copy = new ArrayList<>();
                    for (int i = 0; i < arguments.size(); i++) {
                        copy.addAll(list(arguments, i));
                    }
                    return copy;
                });
        all.put(
                "compact",
                arguments -> list(arguments, 0).stream().filter(Builtins::truth).toList());
    }

    /** The same with maps in the order of their names, as Go prints them. */
    static Object sorted(Object value) {
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

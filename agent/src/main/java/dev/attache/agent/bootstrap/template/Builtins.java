package dev.attache.agent.bootstrap.template;

import dev.attache.agent.document.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template of Go has. */
final class Builtins {

    private Builtins() {}

    static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("and", Builtins::last);
        all.put("or", Builtins::last);
        all.put("not", arguments -> !truth(one(arguments)));
        all.put("len", arguments -> length(one(arguments)));
        all.put("index", Builtins::index);
        all.put("slice", Builtins::slice);
        all.put("print", GoText::print);
        all.put("println", GoText::printLine);
        all.put(
                "printf",
                arguments ->
                        GoText.format(text(arguments, 0), arguments.subList(1, arguments.size())));
        all.put("js", arguments -> TemplateEscapes.script(GoText.print(arguments)));
        all.put("html", arguments -> TemplateEscapes.html(GoText.print(arguments)));
        all.put(
                "urlquery",
                arguments -> URLEncoder.encode(GoText.print(arguments), StandardCharsets.UTF_8));
        all.put("eq", Comparisons::equal);
        all.put("ne", arguments -> !Comparisons.same(arguments));
        all.put("lt", arguments -> Comparisons.order(arguments) < 0);
        all.put("le", arguments -> Comparisons.order(arguments) <= 0);
        all.put("gt", arguments -> Comparisons.order(arguments) > 0);
        all.put("ge", arguments -> Comparisons.order(arguments) >= 0);
        return all;
    }

    /** What {@code if} takes for true. */
    static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> value != Json.NULL;
        };
    }

    /** The text that an argument is. */
    static String text(List<Object> arguments, int at) {
        if (at >= arguments.size()) {
            throw new IllegalArgumentException("wrong number of args: got " + arguments.size());
        }
        if (arguments.get(at) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(
                "wrong type for value; expected string; got " + GoText.type(arguments.get(at)));
    }

    static Object one(List<Object> arguments) {
        if (arguments.size() != 1) {
            throw new IllegalArgumentException(
                    "wrong number of args: want 1 got " + arguments.size());
        }
        return arguments.getFirst();
    }

    private static Object last(List<Object> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("wrong number of args: want at least 1 got 0");
        }
        return arguments.getLast();
    }

    private static long length(Object value) {
        return switch (value) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> throw new IllegalArgumentException("len of type " + GoText.type(value));
        };
    }

    private static Object index(List<Object> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("wrong number of args: want at least 1 got 0");
        }
        Object value = arguments.getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            value =
                    switch (value) {
                        case List<?> list -> list.get(place(key, list.size()));
                        case Map<?, ?> map -> {
                            Object found = map.get(key);
                            yield found == null ? absent(map) : found;
                        }
                        case String text -> {
                            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                            yield (long) (bytes[place(key, bytes.length)] & 0xff);
                        }
                        default ->
                                throw new IllegalArgumentException(
                                        "can't index item of type " + GoText.type(value));
                    };
        }
        return value;
    }

    /** A map of text gives the empty text for a name that it has not. */
    private static Object absent(Map<?, ?> map) {
        boolean texts = !map.isEmpty() && map.values().stream().allMatch(String.class::isInstance);
        return texts ? "" : Json.NULL;
    }

    private static int place(Object key, int size) {
        if (!(key instanceof Long index)) {
            throw new IllegalArgumentException(
                    "cannot index slice/array with type " + GoText.type(key));
        }
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index out of range: " + index);
        }
        return index.intValue();
    }

    private static Object slice(List<Object> arguments) {
        Object value = arguments.isEmpty() ? Json.NULL : arguments.getFirst();
        int size = (int) length(value);
        int from = arguments.size() > 1 ? place(arguments.get(1), size + 1) : 0;
        int to = arguments.size() > 2 ? place(arguments.get(2), size + 1) : size;
        if (from > to) {
            throw new IllegalArgumentException("invalid slice index: " + from + " > " + to);
        }
        if (value instanceof List<?> list) {
            return List.copyOf(list.subList(from, to));
        }
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}

package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template of Go has. */
public final class Builtins {

    private Builtins() {}

    /** By name; {@code and} and {@code or} look at no more arguments than they need. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("and", TemplateFunction.of("vv*", List::getLast));
        all.put("or", TemplateFunction.of("vv*", List::getLast));
        all.put("not", TemplateFunction.of("v", one -> !truth(one.getFirst())));
        all.put("call", TemplateFunction.of("vv*", Builtins::call));
        all.put("len", TemplateFunction.of("v", one -> length(one.getFirst())));
        all.put("index", TemplateFunction.of("vv*", Builtins::index));
        all.put("print", TemplateFunction.of("a*", GoText::print));
        all.put("println", TemplateFunction.of("a*", GoText::printLine));
        all.put(
                "printf",
                TemplateFunction.of(
                        "sa*",
                        given ->
                                GoFormat.format(
                                        (String) given.getFirst(),
                                        given.subList(1, given.size()))));
        all.put("js", TemplateFunction.of("a*", given -> TemplateEscapes.script(text(given))));
        all.put("html", TemplateFunction.of("a*", given -> TemplateEscapes.html(text(given))));
        all.put("urlquery", TemplateFunction.of("a*", given -> TemplateEscapes.query(text(given))));
        Comparisons.addTo(all);
        return all;
    }

    /** What {@code if} takes for true. */
    public static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> !GoText.isNil(value);
        };
    }

    /** What is not there is {@code <no value>} among the arguments. */
    private static String text(List<Object> given) {
        return GoText.print(
                given.stream()
                        .map(value -> GoText.isNil(value) ? (Object) "<no value>" : value)
                        .toList());
    }

    private static Object call(List<Object> given) {
        Object function = given.getFirst();
        throw new IllegalArgumentException(
                GoText.isNil(function)
                        ? "call of nil"
                        : "non-function of type " + GoText.type(function));
    }

    private static long length(Object value) {
        return switch (value) {
            case String text -> octets(text).length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Absent ignored ->
                    throw new IllegalArgumentException(
                            "reflect: call of reflect.Value.Type on zero Value");
            default ->
                    throw new IllegalArgumentException(
                            value == Json.NULL
                                    ? "len of nil pointer"
                                    : "len of type " + GoText.type(value));
        };
    }

    private static Object index(List<Object> given) {
        Object value = given.getFirst();
        if (GoText.isNil(value)) {
            throw new IllegalArgumentException("index of untyped nil");
        }
        for (Object key : given.subList(1, given.size())) {
            value = item(value, key);
        }
        return value;
    }

    private static Object item(Object value, Object key) {
        return switch (value) {
            case List<?> list -> list.get(place(key, list.size(), "slice"));
            case Map<?, ?> map -> {
                Object found = map.get(name(key));
                yield found == null ? map instanceof TextMap ? "" : Json.NULL : found;
            }
            case String text -> {
                byte[] bytes = octets(text);
                yield (long) (bytes[place(key, bytes.length, "string")] & 0xff);
            }
            default ->
                    throw new IllegalArgumentException(
                            GoText.isNil(value)
                                    ? "index of nil pointer"
                                    : "can't index item of type " + GoText.type(value));
        };
    }

    private static String name(Object key) {
        if (key instanceof String name) {
            return name;
        }
        throw new IllegalArgumentException(
                GoText.isNil(key)
                        ? "value is nil; should be of type string"
                        : "value has type " + GoText.type(key) + "; should be string");
    }

    private static int place(Object key, int size, String of) {
        if (!(key instanceof Long index)) {
            throw new IllegalArgumentException(
                    GoText.isNil(key)
                            ? "cannot index slice/array with nil"
                            : "cannot index slice/array with type " + GoText.type(key));
        }
        if (index < 0 || index > size) {
            throw new IllegalArgumentException("index out of range: " + index);
        }
        if (index == size) {
            throw new IllegalArgumentException("reflect: " + of + " index out of range");
        }
        return index.intValue();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

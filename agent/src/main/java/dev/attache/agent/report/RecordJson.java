package dev.attache.agent.report;

import dev.attache.agent.document.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trees of records as JSON and back: names in snake case, null left out, times as RFC 3339. Knows
 * records, lists, texts, whole numbers, truths and times.
 */
final class RecordJson {

    private RecordJson() {}

    static String write(Record value) {
        return Json.pretty(tree(value)) + "\n";
    }

    static <T extends Record> T read(String json, Class<T> type) {
        Object tree = Json.parse(json);
        return type.cast(Objects.requireNonNull(value(tree, type, "the document")));
    }

    private static Object tree(Object value) {
        return switch (value) {
            case Record record -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    Object field = field(record, component);
                    if (field != null) {
                        fields.put(name(component), tree(field));
                    }
                }
                yield fields;
            }
            case List<?> list -> list.stream().map(RecordJson::tree).toList();
            case Number number -> number;
            case Boolean truth -> truth;
            default -> value.toString();
        };
    }

    private static @Nullable Object field(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.getName() + " cannot be read", e);
        }
    }

    /** {@code lastFailure} is {@code last_failure}. */
    private static String name(RecordComponent component) {
        StringBuilder name = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                name.append('_');
            }
            name.append(Character.toLowerCase(c));
        }
        return name.toString();
    }

    private static @Nullable Object value(@Nullable Object tree, Type type, String where) {
        if (type instanceof ParameterizedType list) {
            List<Object> items = new ArrayList<>();
            if (tree instanceof List<?> all) {
                for (Object item : all) {
                    items.add(
                            Objects.requireNonNull(
                                    value(item, list.getActualTypeArguments()[0], where)));
                }
            }
            return items;
        }
        Class<?> wanted = (Class<?>) type;
        if (wanted.isRecord() && tree instanceof Map<?, ?> map) {
            return build(map, wanted);
        }
        Object fitting = scalar(tree, wanted, where);
        if (fitting == null && (wanted.isPrimitive() || tree != null)) {
            throw new IllegalArgumentException(where + " is no " + wanted.getSimpleName());
        }
        return fitting;
    }

    private static @Nullable Object scalar(@Nullable Object tree, Class<?> wanted, String where) {
        if (wanted == long.class && tree instanceof Number number) {
            return number.longValue();
        }
        if (wanted == boolean.class && tree instanceof Boolean truth) {
            return truth;
        }
        if (wanted == String.class && tree instanceof String text) {
            return text;
        }
        if (wanted == Instant.class && tree instanceof String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(where + " is no time: " + text, e);
            }
        }
        return null;
    }

    private static Object build(Map<?, ?> map, Class<?> wanted) {
        RecordComponent[] components = wanted.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            String name = name(components[i]);
            values[i] = value(map.get(name), components[i].getGenericType(), name);
        }
        try {
            return wanted.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no " + wanted.getSimpleName(), e);
        }
    }
}

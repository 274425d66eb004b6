package dev.attache.filters.http.author.stream;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's values as Java's own: text, numbers, booleans, lists and maps. Stateless. */
final class PlainValues {

    private PlainValues() {}

    /** Text as it travels: characters that are octets, or the UTF-8 octets of others. */
    static String octets(String text) {
        return Octets.of(text);
    }

    static @Nullable Object of(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> Octets.isUtf8(text) ? Octets.text(text) : text;
            case MetadataValue.Number(double number) -> number;
            case MetadataValue.Bool(boolean flag) -> flag;
            case MetadataValue.Null none -> null;
            case MetadataValue.Struct(Map<String, MetadataValue> fields) -> {
                Map<String, @Nullable Object> map = new HashMap<>();
                fields.forEach((name, field) -> map.put(name, of(field)));
                yield map;
            }
            case MetadataValue.Sequence(List<MetadataValue> values) -> {
                List<@Nullable Object> list = new ArrayList<>(values.size());
                values.forEach(item -> list.add(of(item)));
                yield list;
            }
        };
    }

    static MetadataValue.Struct struct(Map<?, ?> map) {
        Map<String, MetadataValue> fields = new HashMap<>();
        map.forEach((name, value) -> fields.put(Octets.of(String.valueOf(name)), metadata(value)));
        return new MetadataValue.Struct(fields);
    }

    private static MetadataValue metadata(@Nullable Object value) {
        return switch (value) {
            case null -> MetadataValue.Null.INSTANCE;
            case CharSequence text -> new MetadataValue.Text(Octets.of(text.toString()));
            case Number number -> new MetadataValue.Number(number.doubleValue());
            case Boolean flag -> new MetadataValue.Bool(flag);
            case Map<?, ?> map -> struct(map);
            case Iterable<?> items -> {
                List<MetadataValue> values = new ArrayList<>();
                items.forEach(item -> values.add(metadata(item)));
                yield new MetadataValue.Sequence(values);
            }
            case Object[] items -> metadata(Arrays.asList(items));
            default ->
                    throw new IllegalArgumentException(
                            "no value of metadata: " + value.getClass().getName());
        };
    }

    /** An object of an author in the filter state. */
    private record Held(Object object) implements FilterState.Value {
        @Override
        public String serializeAsString() {
            return Octets.of(object.toString());
        }
    }

    static FilterState.Value state(Object value) {
        return value instanceof String text
                ? new FilterState.Text(Octets.of(text))
                : new Held(value);
    }

    static Object of(FilterState.Value value) {
        return value instanceof Held(Object object)
                ? object
                : Octets.text(value.serializeAsString());
    }
}

package dev.attache.filters.cel.value;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A struct of metadata as a map; its values are converted as they are asked for.
 *
 * @param struct keys and text are characters
 */
public record StructMap(MetadataValue.Struct struct) implements CelMap {

    /** A value of metadata as expressions see it. */
    public static Object value(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text text -> Octets.of(text.value());
            case MetadataValue.Number number -> number.value();
            case MetadataValue.Bool bool -> bool.value();
            case MetadataValue.Struct struct -> new StructMap(struct);
            case MetadataValue.Sequence sequence -> new Items(sequence.values());
            case MetadataValue.Null none -> Null.NULL;
        };
    }

    /** The same value with text and keys as octets. */
    public static MetadataValue octets(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text text -> new MetadataValue.Text(Octets.of(text.value()));
            case MetadataValue.Struct struct -> {
                Map<String, MetadataValue> fields = new HashMap<>();
                struct.fields().forEach((key, field) -> fields.put(Octets.of(key), octets(field)));
                yield new MetadataValue.Struct(fields);
            }
            case MetadataValue.Sequence sequence ->
                    new MetadataValue.Sequence(
                            sequence.values().stream().map(StructMap::octets).toList());
            default -> value;
        };
    }

    @Override
    public @Nullable Object get(Object key) {
        MetadataValue value = key instanceof String text ? struct.get(Octets.text(text)) : null;
        return value == null ? null : value(value);
    }

    @Override
    public int size() {
        return struct.fields().size();
    }

    @Override
    public List<Object> keys() {
        List<Object> keys = new ArrayList<>(struct.fields().size());
        struct.fields().keySet().stream().sorted().forEach(key -> keys.add(Octets.of(key)));
        return keys;
    }

    /** A list of metadata. */
    private static final class Items extends AbstractList<Object> {
        private final List<MetadataValue> values;

        Items(List<MetadataValue> values) {
            this.values = values;
        }

        @Override
        public Object get(int index) {
            return value(values.get(index));
        }

        @Override
        public int size() {
            return values.size();
        }
    }
}

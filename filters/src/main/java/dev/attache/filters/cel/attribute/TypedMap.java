package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.TypedMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code typed_filter_metadata}: messages that stand for a value are that value, others are known
 * to be there, and a fault when they are asked for.
 *
 * @param messages names are characters
 */
record TypedMap(Map<String, TypedMetadata> messages) implements CelMap {

    @Override
    public @Nullable Object get(Object key) {
        TypedMetadata message = key instanceof String name ? messages.get(Octets.text(name)) : null;
        return message == null ? null : TypedValueWire.value(message);
    }

    @Override
    public Object holds(Object key) {
        return key instanceof String name && messages.containsKey(Octets.text(name));
    }

    @Override
    public int size() {
        return messages.size();
    }

    @Override
    public List<Object> keys() {
        List<Object> keys = new ArrayList<>(messages.size());
        messages.keySet().stream().sorted().forEach(key -> keys.add(Octets.of(key)));
        return keys;
    }
}

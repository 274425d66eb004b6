package dev.attache.proxy.metadata;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed objects by name, shared by the filters of one stream or connection (Envoy's {@code
 * FilterState}). A stream's state falls back to its connection's. Loop-confined.
 */
public final class FilterState {

    /** An object with the text that {@code %FILTER_STATE(key:PLAIN)%} prints. */
    public interface Value {
        String serializeAsString();
    }

    /** A plain string under Envoy's {@code envoy.string} factory. */
    public record Text(String value) implements Value {
        @Override
        public String serializeAsString() {
            return value;
        }
    }

    private final @Nullable FilterState parent;
    private @Nullable Map<String, Value> values;

    public FilterState(@Nullable FilterState parent) {
        this.parent = parent;
    }

    public void set(String key, Value value) {
        if (values == null) {
            values = new HashMap<>();
        }
        values.put(key, value);
    }

    public @Nullable Value get(String key) {
        Value own = values == null ? null : values.get(key);
        return own != null || parent == null ? own : parent.get(key);
    }
}

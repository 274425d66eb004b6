package dev.attache.proxy.metadata;

import dev.attache.proxy.address.IpAddress;
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

        /** Whether there is such a text; what has fields alone has none. */
        default boolean isText() {
            return true;
        }

        /** What {@code %FILTER_STATE(key:FIELD:name)%} prints, or null. */
        default @Nullable String field(String name) {
            return null;
        }
    }

    /** A plain string under Envoy's {@code envoy.string} factory. */
    public record Text(String value) implements Value {
        @Override
        public String serializeAsString() {
            return value;
        }
    }

    /**
     * The address of an IP socket, which {@code address_match} of Envoy's {@code
     * FilterStateMatcher} asks for; other objects are never in one of its ranges.
     */
    public record SocketAddress(IpAddress address) implements Value {
        @Override
        public String serializeAsString() {
            return address.toString();
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

package dev.attache.proxy.metadata;

import dev.attache.proxy.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

        /**
         * Whether connections are told apart by it where it goes upstream ({@code
         * Envoy::Hashable}): by {@code equals}.
         */
        default boolean isHashable() {
            return false;
        }

        /**
         * What {@code %FILTER_STATE(key:TYPED)%} is in JSON, or null; of an object with fields,
         * whose text is its JSON, a struct.
         */
        default @Nullable MetadataValue typed() {
            return isText() ? new MetadataValue.Text(serializeAsString()) : null;
        }

        /** What {@code %FILTER_STATE(key:TYPED)%} is as text, of an object that is a struct. */
        default String typedText() {
            return serializeAsString();
        }

        /**
         * What expressions see in place of the text or the fields (Envoy's {@code CelState}), its
         * text as characters; null of most.
         */
        default @Nullable MetadataValue expression() {
            return null;
        }

        /** Whether {@link #field} is ever answered. */
        default boolean hasFields() {
            return false;
        }

        /** What {@code %FILTER_STATE(key:FIELD:name)%} prints, or null. */
        default @Nullable String field(String name) {
            return null;
        }

        /** The field where it is a number, which it is then in expressions; null of others. */
        default @Nullable Long numberField(String name) {
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

        @Override
        public @Nullable MetadataValue typed() {
            return null;
        }

        @Override
        public boolean isHashable() {
            return true;
        }

        @Override
        public boolean hasFields() {
            return true;
        }

        @Override
        public @Nullable String field(String name) {
            return switch (name) {
                case "ip" -> address.host();
                case "port" -> Integer.toString(address.port());
                default -> null;
            };
        }

        @Override
        public @Nullable Long numberField(String name) {
            return name.equals("port") ? Long.valueOf(address.port()) : null;
        }
    }

    /** Envoy's {@code StreamSharingMayImpactPooling}: how far upstream an object goes. */
    public enum Sharing {
        NONE,
        /** To the upstream connection, and into the internal listener that it leads to. */
        ONCE,
        /** And from there on to the next. */
        TRANSITIVE
    }

    /** An object that goes upstream. */
    public record Shared(String key, Value value, Sharing sharing) {

        /** As the upstream connection has it. */
        Shared arrived() {
            return sharing == Sharing.ONCE ? new Shared(key, value, Sharing.NONE) : this;
        }
    }

    /** Most streams have one or two objects. */
    private static final int FEW = 4;

    private final @Nullable FilterState parent;
    private @Nullable Map<String, Value> values;
    private @Nullable Map<String, Sharing> shared;

    public FilterState(@Nullable FilterState parent) {
        this.parent = parent;
    }

    /** Whether nothing was ever set, on the connection either. */
    public boolean isEmpty() {
        return values == null && (parent == null || parent.isEmpty());
    }

    /** Sets what stays with the stream or connection. */
    public void set(String key, Value value) {
        set(key, value, Sharing.NONE);
    }

    /**
     * Sets an object that may go upstream. As in Envoy a stream leaves alone what its connection
     * has.
     */
    public void set(String key, Value value, Sharing sharing) {
        if (parent != null && parent.get(key) != null) {
            return;
        }
        if (values == null) {
            values = new HashMap<>(FEW);
        }
        values.put(key, value);
        if (sharing != Sharing.NONE) {
            if (shared == null) {
                shared = new TreeMap<>();
            }
            shared.put(key, sharing);
        } else if (shared != null) {
            shared.remove(key);
        }
    }

    /** Takes over what another connection has handed upstream. */
    public void receive(List<Shared> objects) {
        for (Shared object : objects) {
            set(object.key(), object.value(), object.sharing());
        }
    }

    /**
     * What an upstream connection gets of it, as that has it from then on; in the order of the
     * keys, a stream's objects behind those of its connection.
     */
    public List<Shared> sharedWithUpstream() {
        List<Shared> above = parent == null ? List.of() : parent.sharedWithUpstream();
        Map<String, Sharing> own = shared;
        Map<String, Value> held = values;
        if (own == null || held == null || own.isEmpty()) {
            return above;
        }
        List<Shared> all = new ArrayList<>(above);
        all.removeIf(object -> own.containsKey(object.key()));
        own.forEach((key, sharing) -> {
            Value value = held.get(key);
            if (value != null) {
                all.add(new Shared(key, value, sharing).arrived());
            }
        });
        return all;
    }

    public @Nullable Value get(String key) {
        Value own = values == null ? null : values.get(key);
        return own != null || parent == null ? own : parent.get(key);
    }
}

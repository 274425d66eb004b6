package dev.attache.proxy.metadata;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-like value ({@code google.protobuf.Value} without protobuf). Its text, and that of keys,
 * is characters, unlike the octets of headers and logs. Immutable, comparable.
 */
public sealed interface MetadataValue {

    record Text(String value) implements MetadataValue {}

    record Number(double value) implements MetadataValue {}

    record Bool(boolean value) implements MetadataValue {}

    record Struct(Map<String, MetadataValue> fields) implements MetadataValue {
        public Struct {
            fields = Map.copyOf(fields);
        }

        public @Nullable MetadataValue get(String key) {
            return fields.get(key);
        }

        /** These fields under those of {@code others}, which win. */
        public Struct with(Struct others) {
            if (others.fields.isEmpty()) {
                return this;
            }
            Map<String, MetadataValue> merged = new HashMap<>(fields);
            merged.putAll(others.fields);
            return new Struct(merged);
        }
    }

    record Sequence(List<MetadataValue> values) implements MetadataValue {
        public Sequence {
            values = List.copyOf(values);
        }
    }

    enum Null implements MetadataValue {
        INSTANCE
    }

    Struct EMPTY_STRUCT = new Struct(Map.of());
}

package dev.attache.config.core;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import java.util.HashMap;
import java.util.Map;

/** {@code google.protobuf.Struct} and {@code core.v3.Metadata} to our own values. */
public final class MetadataValues {
    private MetadataValues() {}

    /** All of it; messages stay as they are. */
    public static Metadata compile(io.envoyproxy.envoy.config.core.v3.Metadata metadata) {
        if (metadata.getFilterMetadataCount() == 0 && metadata.getTypedFilterMetadataCount() == 0) {
            return Metadata.EMPTY;
        }
        Map<String, MetadataValue.Struct> namespaces = new HashMap<>();
        metadata.getFilterMetadataMap()
                .forEach((name, struct) -> namespaces.put(name, compile(struct)));
        if (metadata.getTypedFilterMetadataCount() == 0) {
            return new Metadata(namespaces);
        }
        Map<String, TypedMetadata> typed = new HashMap<>();
        metadata.getTypedFilterMetadataMap()
                .forEach((name, any) ->
                        typed.put(
                                name,
                                new TypedMetadata(any.getTypeUrl(), any.getValue().toByteArray())));
        return new Metadata(namespaces, typed);
    }

    public static MetadataValue.Struct compile(Struct struct) {
        if (struct.getFieldsCount() == 0) {
            return MetadataValue.EMPTY_STRUCT;
        }
        Map<String, MetadataValue> fields = new HashMap<>();
        struct.getFieldsMap().forEach((name, value) -> fields.put(name, compile(value)));
        return new MetadataValue.Struct(fields);
    }

    public static MetadataValue compile(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> new MetadataValue.Text(value.getStringValue());
            case NUMBER_VALUE -> new MetadataValue.Number(value.getNumberValue());
            case BOOL_VALUE -> new MetadataValue.Bool(value.getBoolValue());
            case STRUCT_VALUE -> compile(value.getStructValue());
            case LIST_VALUE ->
                    new MetadataValue.Sequence(
                            value.getListValue().getValuesList().stream()
                                    .map(MetadataValues::compile)
                                    .toList());
            case NULL_VALUE, KIND_NOT_SET -> MetadataValue.Null.INSTANCE;
        };
    }
}

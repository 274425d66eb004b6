package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.StructMap;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code envoy.config.core.v3.Metadata}. */
record MetadataMessage(Metadata metadata) implements CelMessage {
    private static final String UNTYPED = "filter_metadata";
    private static final String TYPED = "typed_filter_metadata";

    @Override
    public String typeName() {
        return "envoy.config.core.v3.Metadata";
    }

    @Override
    public Object field(String name) {
        return switch (name) {
            case UNTYPED -> namespaces();
            case TYPED -> new TypedMap(metadata.typed());
            default -> Fault.FAULT;
        };
    }

    private CelMap namespaces() {
        return new StructMap(new MetadataValue.Struct(Map.copyOf(metadata.filterMetadata())));
    }

    @Override
    public Object has(String name) {
        return switch (name) {
            case UNTYPED -> !metadata.filterMetadata().isEmpty();
            case TYPED -> !metadata.typed().isEmpty();
            default -> Fault.FAULT;
        };
    }

    @Override
    public String text() {
        MessageText out = new MessageText();
        for (String name : sorted(metadata.filterMetadata())) {
            out.open(UNTYPED).text("key", name).open("value");
            MetadataValue.Struct struct = metadata.filterMetadata().get(name);
            if (struct != null) {
                out.struct(struct);
            }
            out.close().close();
        }
        for (String name : sorted(metadata.typed())) {
            out.open(TYPED).text("key", name).open("value");
            TypedMetadata message = metadata.typed().get(name);
            if (message != null) {
                out.text("type_url", message.typeUrl())
                        .octets(
                                "value",
                                new String(message.message(), StandardCharsets.ISO_8859_1));
            }
            out.close().close();
        }
        return out.toString();
    }

    private static List<String> sorted(Map<String, ?> map) {
        List<String> names = new ArrayList<>(map.keySet());
        names.sort(null);
        return names;
    }

    @Override
    public MetadataValue json() {
        return metadata.filterMetadata().isEmpty()
                ? MetadataValue.EMPTY_STRUCT
                : new MetadataValue.Struct(
                        Map.of(
                                UNTYPED,
                                StructMap.octets(
                                        new MetadataValue.Struct(
                                                Map.copyOf(metadata.filterMetadata())))));
    }
}

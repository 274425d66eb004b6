package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Fault;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.Locality}; its parts are characters. */
record LocalityMessage(String region, String zone, String subZone) implements CelMessage {

    static LocalityMessage of(UpstreamInfo upstream) {
        return new LocalityMessage(upstream.region, upstream.zone, upstream.subZone);
    }

    @Override
    public String typeName() {
        return "envoy.config.core.v3.Locality";
    }

    private @Nullable String part(String name) {
        return switch (name) {
            case "region" -> region;
            case "zone" -> zone;
            case "sub_zone" -> subZone;
            default -> null;
        };
    }

    @Override
    public Object field(String name) {
        String part = part(name);
        return part == null ? Fault.FAULT : Octets.of(part);
    }

    @Override
    public Object has(String name) {
        String part = part(name);
        return part == null ? Fault.FAULT : (Object) !part.isEmpty();
    }

    @Override
    public String text() {
        MessageText out = new MessageText();
        for (String name : new String[] {"region", "zone", "sub_zone"}) {
            String part = part(name);
            if (part != null && !part.isEmpty()) {
                out.text(name, part);
            }
        }
        return out.toString();
    }

    @Override
    public MetadataValue json() {
        Map<String, MetadataValue> fields = new HashMap<>();
        for (String name : new String[] {"region", "zone", "sub_zone"}) {
            String part = part(name);
            if (part != null && !part.isEmpty()) {
                fields.put(name, new MetadataValue.Text(Octets.of(part)));
            }
        }
        return new MetadataValue.Struct(fields);
    }
}

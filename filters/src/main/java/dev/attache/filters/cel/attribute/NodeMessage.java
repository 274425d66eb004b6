package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.StructMap;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.core.v3.Node}: what this process is called. Text is characters.
 *
 * @param isKnown whether expressions are told: those of access control and of matchers are not
 */
public record NodeMessage(
        boolean isKnown,
        String id,
        String cluster,
        String region,
        String zone,
        String subZone,
        MetadataValue.Struct metadata)
        implements CelMessage {

    public static final NodeMessage UNKNOWN =
            new NodeMessage(false, "", "", "", "", "", MetadataValue.EMPTY_STRUCT);

    @Override
    public String typeName() {
        return "envoy.config.core.v3.Node";
    }

    private LocalityMessage locality() {
        return new LocalityMessage(region, zone, subZone);
    }

    private boolean hasLocality() {
        return !region.isEmpty() || !zone.isEmpty() || !subZone.isEmpty();
    }

    private @Nullable String plain(String name) {
        return switch (name) {
            case "id" -> id;
            case "cluster" -> cluster;
            case "user_agent_name" -> "envoy";
            default -> null;
        };
    }

    @Override
    public Object field(String name) {
        String plain = plain(name);
        if (plain != null) {
            return Octets.of(plain);
        }
        return switch (name) {
            case "metadata" -> new StructMap(metadata);
            case "locality" -> locality();
            default -> Fault.FAULT;
        };
    }

    @Override
    public Object has(String name) {
        String plain = plain(name);
        if (plain != null) {
            return !plain.isEmpty();
        }
        return switch (name) {
            case "metadata" -> !metadata.fields().isEmpty();
            case "locality" -> hasLocality();
            default -> Fault.FAULT;
        };
    }

    @Override
    public String text() {
        MessageText out = new MessageText();
        out.text("id", id).text("cluster", cluster);
        if (!metadata.fields().isEmpty()) {
            out.open("metadata").struct(metadata).close();
        }
        String locality = hasLocality() ? "locality { " + locality().text() + "} " : "";
        return out + locality + new MessageText().text("user_agent_name", "envoy");
    }

    @Override
    public MetadataValue json() {
        Map<String, MetadataValue> fields = new HashMap<>();
        fields.put("id", new MetadataValue.Text(Octets.of(id)));
        fields.put("cluster", new MetadataValue.Text(Octets.of(cluster)));
        fields.put("user_agent_name", new MetadataValue.Text("envoy"));
        if (!metadata.fields().isEmpty()) {
            fields.put("metadata", StructMap.octets(metadata));
        }
        if (hasLocality()) {
            fields.put("locality", locality().json());
        }
        return new MetadataValue.Struct(fields);
    }
}

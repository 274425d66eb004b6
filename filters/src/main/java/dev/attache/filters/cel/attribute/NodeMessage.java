package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMessage;
import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.LiteralMap;
import dev.attache.filters.cel.value.StructMap;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.core.v3.Node}: what this process is called. What it can do, its extensions
 * and its build are left out. Text is characters. Immutable.
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

    private static final String USER_AGENT = "envoy";

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
            case "user_agent_name" -> USER_AGENT;
            case "user_agent_version" -> "";
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
            case "dynamic_parameters" -> new LiteralMap();
            case "client_features", "listening_addresses" -> List.of();
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
            case "dynamic_parameters", "client_features", "listening_addresses" -> false;
            default -> Fault.FAULT;
        };
    }

    @Override
    public String text() {
        MessageText out = new MessageText().text("id", id).text("cluster", cluster);
        if (!metadata.fields().isEmpty()) {
            out.open("metadata").struct(metadata).close();
        }
        if (hasLocality()) {
            out.open("locality").fields(locality()).close();
        }
        return out.text("user_agent_name", USER_AGENT).toString();
    }

    @Override
    public MetadataValue json() {
        Map<String, MetadataValue> fields = new HashMap<>();
        fields.put("id", new MetadataValue.Text(Octets.of(id)));
        fields.put("cluster", new MetadataValue.Text(Octets.of(cluster)));
        fields.put("user_agent_name", new MetadataValue.Text(USER_AGENT));
        if (!metadata.fields().isEmpty()) {
            fields.put("metadata", StructMap.octets(metadata));
        }
        if (hasLocality()) {
            fields.put("locality", locality().json());
        }
        return new MetadataValue.Struct(fields);
    }
}

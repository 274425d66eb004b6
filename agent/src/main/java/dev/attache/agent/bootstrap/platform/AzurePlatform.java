package dev.attache.agent.bootstrap.platform;

import dev.attache.agent.document.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Microsoft's cloud, by its instance metadata. */
final class AzurePlatform {

    private static final String PATH = "/metadata/instance";
    private static final String OLDEST = "2019-08-15";
    private static final Map<String, String> HEADERS = Map.of("Metadata", "True");

    private final MetadataService service;

    AzurePlatform(MetadataService service) {
        this.service = service;
    }

    Platform platform() {
        Map<?, ?> compute = map(answer("?api-version=" + version()).get("compute"));
        Map<String, String> metadata = new HashMap<>();
        for (String name : List.of("name", "location", "vmId")) {
            if (!text(compute, name).isEmpty()) {
                metadata.put("azure_" + name, text(compute, name));
            }
        }
        tags(compute, metadata);
        return new Platform(
                metadata, new Locality(text(compute, "location"), text(compute, "zone"), ""));
    }

    private String version() {
        String newest = OLDEST;
        if (answer("").get("newest-versions") instanceof List<?> versions) {
            for (Object version : versions) {
                newest = version.toString().compareTo(newest) > 0 ? version.toString() : newest;
            }
        }
        return newest;
    }

    private static void tags(Map<?, ?> compute, Map<String, String> metadata) {
        if (compute.get("tagsList") instanceof List<?> tags) {
            for (Object tag : tags) {
                metadata.put("azure_" + text(map(tag), "name"), text(map(tag), "value"));
            }
            return;
        }
        String tags = text(compute, "tags");
        for (String tag : tags.isEmpty() ? new String[0] : tags.split(";")) {
            int colon = tag.indexOf(':');
            metadata.put(
                    "azure_" + (colon < 0 ? tag : tag.substring(0, colon)),
                    colon < 0 ? "" : tag.substring(colon + 1));
        }
    }

    private Map<?, ?> answer(String query) {
        String text = service.text(PATH + query, HEADERS);
        try {
            return text.isEmpty() ? Map.of() : map(Json.parse(text));
        } catch (IllegalArgumentException e) {
            return Map.of(); // somebody answers, but not Azure
        }
    }

    private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }
}

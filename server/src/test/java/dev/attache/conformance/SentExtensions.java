package dev.attache.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configurations of filters that a case has in files, as a control plane has them in place of
 * those. A file is a response; what a new version of it leaves out is taken away. Any thread.
 */
final class SentExtensions {
    static final String TYPE = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";

    /** What a new version of a file says, and what it does not say any more. */
    record Change(Map<String, Any> now, Set<String> gone) {}

    /** By file, what it says now. */
    private final Map<Path, Map<String, Any>> files = new LinkedHashMap<>();

    /** The tree with the file of each discovered filter replaced by the aggregated stream. */
    Object taken(Object tree) {
        if (tree instanceof List<?> list) {
            return list.stream().map(this::taken).toList();
        }
        if (!(tree instanceof Map<?, ?>)) {
            return tree;
        }
        Map<String, Object> changed = new LinkedHashMap<>();
        Tree.map(tree).forEach((key, value) -> changed.put(key, taken(value)));
        if (changed.containsKey("type_urls") && changed.containsKey("config_source")) {
            Map<String, Object> source =
                    new LinkedHashMap<>(Tree.map(changed.get("config_source")));
            Map<String, Object> file = Tree.map(source.remove("path_config_source"));
            source.put("ads", Map.of());
            changed.put("config_source", source);
            read(Path.of(Tree.text(file.get("path"), "")));
        }
        return changed;
    }

    private synchronized void read(Path file) {
        try {
            if (!files.containsKey(file)) {
                files.put(file, parse(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("no configuration in " + file, e);
        }
    }

    /** Null where the file is about something else. */
    synchronized @Nullable Change replace(Path file, byte[] content) {
        Map<String, Any> before = files.get(file);
        if (before == null) {
            return null;
        }
        Map<String, Any> now = parse(content);
        files.put(file, now);
        Set<String> gone = new TreeSet<>(before.keySet());
        gone.removeAll(now.keySet());
        return new Change(now, gone);
    }

    synchronized Map<String, Any> all() {
        Map<String, Any> all = new LinkedHashMap<>();
        files.values().forEach(all::putAll);
        return all;
    }

    private static Map<String, Any> parse(byte[] content) {
        Map<String, Any> named = new LinkedHashMap<>();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        DiscoveryResponse response =
                ScriptedDiscovery.read(text, DiscoveryResponse.getDefaultInstance());
        for (Any resource : response.getResourcesList()) {
            try {
                named.put(TypedExtensionConfig.parseFrom(resource.getValue()).getName(), resource);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("not a filter's configuration", e);
            }
        }
        return named;
    }
}

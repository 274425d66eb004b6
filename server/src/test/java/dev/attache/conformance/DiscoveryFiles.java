package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The two files from which a proxy takes its dynamic listeners and clusters. Cases that share a
 * start share them: each has its own part, and one case at a time may change its part.
 */
final class DiscoveryFiles {
    private static final Map<String, String> TYPES =
            Map.of(
                    "listeners", "type.googleapis.com/envoy.config.listener.v3.Listener",
                    "clusters", "type.googleapis.com/envoy.config.cluster.v3.Cluster");

    private final Path directory;
    private final Map<String, Map<CaseRun, List<Object>>> parts = new LinkedHashMap<>();

    /** Held by the case that is changing its part, from its first exchange to its last. */
    final ReentrantLock turn = new ReentrantLock();

    DiscoveryFiles(Path directory) {
        this.directory = directory;
    }

    /** Whether a case has dynamic listeners or clusters. */
    static boolean usedBy(CaseRun run) {
        return TYPES.keySet().stream().anyMatch(kind -> run.spec().containsKey("dynamic_" + kind));
    }

    Path file(String kind) {
        return directory.resolve(kind + ".json");
    }

    /** Writes both files as the cases have them at the start. */
    void open(List<CaseRun> runs) throws IOException {
        for (String kind : TYPES.keySet()) {
            for (CaseRun run : runs) {
                with(run, kind, Tree.list(run.filled(run.spec().get("dynamic_" + kind))));
            }
            Files.write(file(kind), content(kind));
        }
    }

    /** The content of a file after one case has replaced its part. */
    synchronized byte[] with(CaseRun run, String kind, List<Object> resources) {
        parts.computeIfAbsent(kind, any -> new LinkedHashMap<>()).put(run, resources);
        return content(kind);
    }

    private byte[] content(String kind) {
        List<Object> resources = new ArrayList<>();
        parts.getOrDefault(kind, Map.of())
                .values()
                .forEach(part -> part.forEach(r -> resources.add(typed(kind, r))));
        return Message.bytes(Tree.json(Map.of("resources", resources), false));
    }

    private static Object typed(String kind, Object resource) {
        Map<String, Object> typed = new LinkedHashMap<>();
        typed.put("@type", TYPES.getOrDefault(kind, ""));
        typed.putAll(Tree.map(resource));
        return typed;
    }

    /** What the bootstrap says about these files. */
    Map<String, Object> bootstrap() {
        return Map.of(
                "node", Map.of("id", "conformance", "cluster", "conformance"),
                "dynamic_resources",
                        Map.of(
                                "lds_config", source("listeners"),
                                "cds_config", source("clusters")));
    }

    private Map<String, Object> source(String kind) {
        return Map.of(
                "resource_api_version",
                "V3",
                "path_config_source",
                Map.of("path", file(kind).toString()));
    }
}

package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.GoDuration;
import dev.attache.agent.mesh.ProxyConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which statistics the proxy keeps, by annotations and ProxyConfig. One use each. */
final class StatsParameters {

    private static final String PREFIX = "sidecar.istio.io/";
    private static final List<String> PREFIXES =
            List.of("cluster_manager", "listener_manager", "server", "cluster.xds-grpc", "wasm");
    private static final List<String> SUFFIXES =
            List.of("rbac.allowed", "rbac.denied", "shadow_allowed", "shadow_denied");
    private static final String CONNECTIONS = "downstream_cx_active";
    private static final List<String> REGEXES = List.of("vhost\\..*\\.route\\..*");
    private static final Set<String> LIBRARIES = Set.of("gzip", "zstd", "brotli");
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final Node node;
    private final ProxyConfig config;
    private final Map<String, Object> annotations;
    private final List<String> warnings;

    /**
     * @param warnings where it says what has no effect
     */
    StatsParameters(Node node, ProxyConfig config, List<String> warnings) {
        this.node = node;
        this.config = config;
        this.annotations = node.annotations();
        this.warnings = warnings;
    }

    void addTo(Map<String, Object> parameters) {
        List<String> suffixes = new ArrayList<>(SUFFIXES);
        if (node.truth("EXIT_ON_ZERO_ACTIVE_CONNECTIONS")) {
            suffixes.add(CONNECTIONS);
        }
        parameters.put("inclusionPrefix", included("Prefixes", PREFIXES));
        parameters.put("inclusionSuffix", included("Suffixes", suffixes));
        parameters.put("inclusionRegexps", included("Regexps", REGEXES));
        Set<String> tags = new LinkedHashSet<>(config.extraStatTags());
        tags.addAll(List.of(annotation("extraStatTags").split(",")));
        tags.remove("");
        if (!tags.isEmpty()) {
            parameters.put("extraStatTags", List.copyOf(tags));
        }
        parameters.put("histogram_buckets", buckets());
        String compression = annotation("statsCompression"); // of templates before 1.29
        parameters.put("stats_compression", LIBRARIES.contains(compression) ? compression : "");
        intervals(parameters);
    }

    private List<String> included(String kind, List<String> required) {
        List<String> all = new ArrayList<>();
        String stated = annotation("statsInclusion" + kind);
        Map<String, Object> matcher = config.message("proxyStatsMatcher");
        if (!stated.isEmpty()) {
            all.addAll(List.of(stated.split(",", -1)));
        } else if (matcher != null && matcher.get("inclusion" + kind) instanceof List<?> list) {
            list.forEach(item -> all.add(item.toString()));
        }
        all.addAll(required);
        List<String> result = new ArrayList<>();
        for (String pattern : all) {
            if (pattern.contains("{pod_ip}")) {
                node.addresses()
                        .all()
                        .forEach(address -> result.add(pattern.replace("{pod_ip}", address)));
            } else {
                result.add(pattern);
            }
        }
        return result;
    }

    private List<Object> buckets() {
        String stated = annotation("statsHistogramBuckets");
        List<Object> buckets = new ArrayList<>();
        if (stated.isEmpty()) {
            return buckets;
        }
        try {
            if (Json.parse(stated) instanceof Map<?, ?> map) {
                new TreeMap<>(map)
                        .forEach((prefix, bounds) -> {
                            Map<String, Object> bucket = new LinkedHashMap<>();
                            bucket.put("match", Map.of("prefix", prefix));
                            bucket.put("buckets", numbers(bounds));
                            buckets.add(bucket);
                        });
                return buckets;
            }
            warn("statsHistogramBuckets", "it is no JSON object");
        } catch (IllegalArgumentException e) {
            warn("statsHistogramBuckets", e.getMessage());
        }
        return List.of();
    }

    private static List<?> numbers(Object bounds) {
        if (bounds instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list;
        }
        throw new IllegalArgumentException("a prefix has no list of numbers");
    }

    private void intervals(Map<String, Object> parameters) {
        Duration flush = interval("statsFlushInterval");
        if (flush != null) {
            parameters.put("stats_flush_interval", seconds(flush));
        }
        Duration eviction = interval("statsEvictionInterval");
        if (eviction == null) {
            return;
        }
        long unit = (flush == null ? FLUSH : flush).toNanos();
        if (unit <= 0 || eviction.toNanos() % unit != 0) {
            warn("statsEvictionInterval", "it must be a multiple of the interval of flushing");
        } else {
            parameters.put("stats_eviction_interval", eviction.getSeconds() + "s");
        }
    }

    private @org.jspecify.annotations.Nullable Duration interval(String name) {
        String stated = annotation(name);
        if (stated.isEmpty()) {
            return null;
        }
        try {
            return GoDuration.parse(stated);
        } catch (IllegalArgumentException e) {
            warn(name, e.getMessage());
            return null;
        }
    }

    private static String seconds(Duration value) {
        String nanos =
                value.getNano() == 0
                        ? ""
                        : "." + String.format("%09d", value.getNano()).replaceAll("0+$", "");
        return value.getSeconds() + nanos + "s";
    }

    private String annotation(String name) {
        return annotations.get(PREFIX + name) instanceof String text ? text : "";
    }

    private void warn(String name, @org.jspecify.annotations.Nullable String why) {
        warnings.add("the annotation " + PREFIX + name + " has no effect: " + why);
    }
}

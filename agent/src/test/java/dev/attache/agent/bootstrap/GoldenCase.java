package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.bootstrap.node.NodeAddresses;
import dev.attache.agent.bootstrap.node.NodeFactory;
import dev.attache.agent.bootstrap.node.NodeSettings;
import dev.attache.agent.bootstrap.platform.Locality;
import dev.attache.agent.bootstrap.platform.Platform;
import dev.attache.agent.bootstrap.template.TemplateException;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A case of Istio's bootstrap tests, as {@code cases.json} beside their golden files describes it.
 *
 * @param given its object
 * @param out an empty folder
 */
record GoldenCase(Map<String, Object> given, Path out) {

    /**
     * What the case makes.
     *
     * @param template empty for our own
     */
    String made(String template) throws IOException, TemplateException {
        annotations();
        ProxyConfig config = config(template);
        Environment environment = new Environment(environment());
        AgentFiles files = new AgentFiles(out);
        Map<String, Object> options = map(given.get("options"));
        NodeSettings settings =
                new NodeSettings(
                        text(given, "type"),
                        "",
                        new NodeAddresses(texts(given.get("instance_ips"))),
                        config,
                        platform(map(options.get("platform"))),
                        text(options, "outlier_log_path"),
                        ((Long) options.getOrDefault("sts_port", 0L)).intValue(),
                        false,
                        false,
                        "binary-1.0");
        Node node = new NodeFactory(environment, files).make(settings);
        Node named =
                new Node(
                        text(given, "node_id"),
                        node.cluster(),
                        node.locality(),
                        node.metadata(),
                        node.addresses());
        BootstrapFile file = new BootstrapFile(environment, files);
        boolean json = Boolean.TRUE.equals(options.get("log_as_json"));
        // The original's tests name the template by customConfigFile, without the agent about it.
        ProxyConfig asTemplate =
                config.with("customConfigFile", "").with("proxyBootstrapTemplatePath", template);
        return file.text(named, asTemplate, json, List.of());
    }

    /** A tree that compares: what README's five rules and the notation of JSON leave open. */
    Object normal(String text) {
        String replaced =
                text.replaceAll(
                                "(\"access_token_file\": *\").*?lightstep_access_token.txt",
                                "$1/test-path/lightstep_access_token.txt")
                        .replaceAll(
                                "(\"customConfigFile\": *\")[^\"]*/(envoy_bootstrap.json\")",
                                "$1$2")
                        .replaceAll(Pattern.quote(out.toString()), "/tmp")
                        .replaceAll("(\"path\": *\")[^\"]*/XDS\"", "$1/tmp/XDS\"");
        boolean places = Boolean.TRUE.equals(given.get("check_locality"));
        if (!places) {
            replaced = replaced.replaceAll("(\"(?:zone|region)\": *\")[^\"]+", "$1");
        }
        // Istio's template leaves a comma behind in one place, which parsers of YAML take.
        Object tree = sorted(Json.parse(replaced.replaceAll(",(\\s*})", "$1")), true);
        withoutStatsMatcher(tree);
        names(tree);
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static void withoutStatsMatcher(Object tree) {
        Map<String, Object> root = (Map<String, Object>) tree;
        ((Map<String, Object>) root.get("stats_config")).remove("stats_matcher");
        Map<String, Object> node = (Map<String, Object>) root.get("node");
        Map<String, Object> metadata = (Map<String, Object>) node.get("metadata");
        metadata.keySet().removeIf(key -> key.startsWith("sidecar.istio.io/statsInclusion"));
    }

    /** The agent finds these by itself; the original's tests hand them over. */
    @SuppressWarnings("unchecked")
    private void names(Object tree) {
        Map<String, Object> node = (Map<String, Object>) ((Map<String, Object>) tree).get("node");
        ((Map<String, Object>) node.get("metadata"))
                .put("PILOT_SAN", map(given.get("options")).getOrDefault("pilot_san", List.of()));
    }

    /** What the generated stats matcher lists: prefixes, suffixes, regular expressions. */
    static Map<String, List<String>> statsMatcher(String text) {
        Map<String, List<String>> found = new HashMap<>();
        Object tree = Json.parse(text.replaceAll(",(\\s*})", "$1"));
        Object patterns =
                map(map(map(map(tree).get("stats_config")).get("stats_matcher"))
                                .get("inclusion_list"))
                        .get("patterns");
        for (Object pattern : (List<?>) java.util.Objects.requireNonNull(patterns)) {
            map(pattern)
                    .forEach((kind, value) ->
                            found.computeIfAbsent(kind, ignored -> new ArrayList<>())
                                    .add(
                                            kind.equals("safe_regex")
                                                    ? text(map(value), "regex")
                                                    : value.toString()));
        }
        return found;
    }

    private ProxyConfig config(String template) {
        Map<String, Object> tree = new LinkedHashMap<>(map(given.get("proxy_config")));
        map(given.get("proxy_config_overrides"))
                .forEach((name, value) -> {
                    if (value instanceof Map<?, ?> inner) {
                        Map<String, Object> merged = new LinkedHashMap<>(map(tree.get(name)));
                        inner.forEach((key, item) -> merged.put(key.toString(), filled(item)));
                        tree.put(name, merged);
                    } else {
                        tree.put(name, filled(value));
                    }
                });
        return ProxyConfig.of(tree);
    }

    private Object filled(Object value) {
        return value instanceof String text
                ? text.replace("${OUT}", out.toString()).replace("${TEMPLATE_DIR}", "/templates")
                : value;
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        map(given.get("env")).forEach((name, value) -> variables.put(name, value.toString()));
        Map<String, Object> options = map(given.get("options"));
        variables.put(
                "WORKLOAD_IDENTITY_SOCKET_FILE", text(options, "workload_identity_socket_file"));
        for (String port :
                List.of(
                        "envoy_prometheus_port",
                        "envoy_status_port",
                        "secure_metrics_port",
                        "secure_merged_metrics_port")) {
            String name = port.startsWith("envoy") ? port : "envoy_" + port;
            variables.put(
                    name.toUpperCase(java.util.Locale.ROOT),
                    options.getOrDefault(port, 0L).toString());
        }
        variables.put("ENVOY_SKIP_DEPRECATED_LOGS", "false");
        variables.put("COMPLIANCE_POLICY", text(options, "compliance_policy"));
        return variables;
    }

    private void annotations() throws IOException {
        StringBuilder lines = new StringBuilder();
        map(given.get("annotations"))
                .forEach((name, value) ->
                        lines.append(name)
                                .append('=')
                                .append(Json.quote(value.toString()))
                                .append('\n'));
        Path file = new AgentFiles(out).podAnnotations();
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
    }

    private static Platform platform(Map<String, Object> platform) {
        Map<String, String> metadata = new HashMap<>();
        map(platform.get("metadata"))
                .forEach((name, value) -> metadata.put(name, value.toString()));
        return new Platform(metadata, Locality.NONE);
    }

    private static Object sorted(Object value, boolean names) {
        if (value instanceof Map<?, ?> map) {
            Object single = map.size() == 1 ? map.get("value") : null;
            if (single instanceof Long) {
                return single;
            }
            Map<String, Object> result = new TreeMap<>();
            map.forEach((name, item) -> {
                boolean free = name.equals("metadata") || name.equals("static_layer");
                result.put(
                        names ? snake(name.toString()) : name.toString(),
                        sorted(item, names && !free));
            });
            return result;
        }
        return value instanceof List<?> list
                ? list.stream().map(item -> sorted((Object) item, names)).toList()
                : value;
    }

    private static String snake(String name) {
        return name.contains(".")
                ? name
                : name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }

    static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, item) -> result.put(name.toString(), item));
        }
        return result;
    }

    static String text(Map<String, Object> map, String name) {
        return map.get(name) instanceof String text ? text : "";
    }

    static List<String> texts(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }
}

package dev.attache.agent.bootstrap.node;

import dev.attache.agent.mesh.ProxyConfig;
import java.util.List;
import java.util.Map;

/** The name of {@code node.cluster}, which traces show as the service. */
final class ServiceCluster {

    private static final String OWN = "istio-proxy";
    private static final String CANONICAL = "service.istio.io/canonical-name";
    private static final String APP_NAME = "app.kubernetes.io/name";
    private static final String APP = "app";

    private ServiceCluster() {}

    static String name(ProxyConfig config, NodeMetadata metadata) {
        String namespace = metadata.text(MetadataKey.NAMESPACE);
        return switch (config.text("tracingServiceName")) {
            case "" -> orElse(config.text("serviceCluster"), metadata);
            case "CANONICAL_NAME_ONLY" -> orElse(canonical(metadata), metadata);
            case "CANONICAL_NAME_AND_NAMESPACE" ->
                    namespace.isEmpty()
                            ? orElse(canonical(metadata), metadata)
                            : canonical(metadata) + "." + namespace;
            default -> orElse(OWN, metadata);
        };
    }

    private static String canonical(NodeMetadata metadata) {
        String workload = metadata.text(MetadataKey.WORKLOAD_NAME);
        return label(
                metadata, List.of(CANONICAL, APP_NAME, APP), workload.isEmpty() ? OWN : workload);
    }

    private static String orElse(String name, NodeMetadata metadata) {
        if (!name.isEmpty() && !name.equals(OWN)) {
            return name;
        }
        String namespace = metadata.text(MetadataKey.NAMESPACE);
        Map<String, Object> labels = metadata.map(MetadataKey.LABELS);
        if (labels.containsKey(APP)
                || labels.containsKey(APP_NAME)
                || labels.containsKey(CANONICAL)) {
            return label(metadata, List.of(APP, APP_NAME, CANONICAL), "") + "." + namespace;
        }
        String workload = metadata.text(MetadataKey.WORKLOAD_NAME);
        if (!workload.isEmpty()) {
            return workload + "." + namespace;
        }
        return namespace.isEmpty() ? OWN : OWN + "." + namespace;
    }

    private static String label(NodeMetadata metadata, List<String> names, String otherwise) {
        Map<String, Object> labels = metadata.map(MetadataKey.LABELS);
        for (String name : names) {
            if (labels.get(name) instanceof String value) {
                return value;
            }
        }
        return otherwise;
    }
}

package dev.attache.agent.bootstrap.node;

import dev.attache.agent.bootstrap.platform.Locality;
import dev.attache.agent.document.DownwardApi;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the {@link Node}, in the order of Istio's agent ({@code pkg/bootstrap/config.go}, {@code
 * GetNodeMetaData}): raw values of proxyMetadata, of {@code ISTIO_META_} and {@code
 * ISTIO_METAJSON_} variables, then what has a type, the pod's files, the locality. One use each.
 */
public final class NodeFactory {

    private static final String PREFIX = "ISTIO_META_";
    private static final String JSON_PREFIX = "ISTIO_METAJSON_";
    private static final String LOCALITY_LABEL = "istio-locality";
    private static final String TOPOLOGY_LABEL = "topology.istio.io/locality";
    private static final String REPLICAS_LABEL = "pod-template-hash";

    private final Environment environment;
    private final AgentFiles files;
    private final List<String> warnings = new ArrayList<>();

    /** Whether labels come from the pod's file. */
    private boolean podLabels;

    public NodeFactory(Environment environment, AgentFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /**
     * The node.
     *
     * @throws IllegalArgumentException if metadata that has a type was given a value that does not
     *     fit
     */
    public Node make(NodeSettings settings) {
        NodeMetadata metadata = new NodeMetadata(raw(settings.config()));
        if (metadata.text(MetadataKey.ISTIO_VERSION).isEmpty()) {
            metadata.set(MetadataKey.ISTIO_VERSION, settings.version());
        }
        ports(metadata, settings);
        switches(metadata);
        attributes(metadata, settings);
        labels(metadata);
        annotations(metadata);
        Locality locality = locality(metadata, settings);
        own(metadata, settings);
        return new Node(
                id(settings),
                ServiceCluster.name(settings.config(), metadata),
                locality,
                metadata,
                settings.addresses());
    }

    /** What could not be read, in words. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private String id(NodeSettings settings) {
        String namespace = environment.text("POD_NAMESPACE", "");
        String domain =
                settings.domain().isEmpty() ? namespace + ".svc.cluster.local" : settings.domain();
        return String.join(
                "~",
                settings.type(),
                settings.addresses().first(),
                environment.text("POD_NAME", "") + "." + namespace,
                domain);
    }

    private Map<String, Object> raw(ProxyConfig config) {
        Map<String, Object> raw = new LinkedHashMap<>();
        config.proxyMetadata()
                .forEach((name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        raw.put(name.substring(PREFIX.length()), value);
                    }
                });
        environment
                .startingWith(PREFIX)
                .forEach((name, value) -> raw.put(name.substring(PREFIX.length()), value));
        environment.startingWith(JSON_PREFIX).forEach((name, value) -> json(raw, name, value));
        String dns = environment.text("DNS_PROXY_ADDR", "");
        if (!dns.isEmpty()) {
            raw.put("DNS_PROXY_ADDR", dns);
        }
        return raw;
    }

    private void json(Map<String, Object> raw, String name, String value) {
        try {
            if (Json.parse(value) instanceof Map<?, ?> map) {
                map.forEach((key, item) -> raw.put(String.valueOf(key), item));
                return;
            }
            warnings.add("the variable " + name + " is no JSON object and has no effect: " + value);
        } catch (IllegalArgumentException e) {
            warnings.add("the variable " + name + " has no effect: " + e.getMessage());
        }
    }

    private void ports(NodeMetadata metadata, NodeSettings settings) {
        metadata.set(MetadataKey.INSTANCE_IPS, settings.addresses().all());
        if (settings.stsPort() != 0) {
            metadata.set(MetadataKey.STS_PORT, Integer.toString(settings.stsPort()));
        }
        port(metadata, MetadataKey.ENVOY_STATUS_PORT, 15021);
        port(metadata, MetadataKey.ENVOY_PROMETHEUS_PORT, 15090);
        port(metadata, MetadataKey.ENVOY_SECURE_METRICS_PORT, 0);
        port(metadata, MetadataKey.ENVOY_SECURE_MERGED_METRICS_PORT, 0);
    }

    private void port(NodeMetadata metadata, MetadataKey key, int otherwise) {
        metadata.set(key, (long) environment.number(key.name(), otherwise));
    }

    private void switches(NodeMetadata metadata) {
        metadata.set(
                MetadataKey.EXIT_ON_ZERO_ACTIVE_CONNECTIONS,
                environment.truth("EXIT_ON_ZERO_ACTIVE_CONNECTIONS", false));
        boolean hbone = metadata.truth(MetadataKey.ENABLE_HBONE);
        metadata.set(
                MetadataKey.METADATA_DISCOVERY,
                environment.has("PEER_METADATA_DISCOVERY")
                        ? environment.truth("PEER_METADATA_DISCOVERY", false)
                        : hbone);
        metadata.set(
                MetadataKey.ENVOY_SKIP_DEPRECATED_LOGS,
                environment.truth("ENVOY_SKIP_DEPRECATED_LOGS", true));
        metadata.set(
                MetadataKey.WORKLOAD_IDENTITY_SOCKET_FILE,
                environment.text("WORKLOAD_IDENTITY_SOCKET_FILE", "socket"));
    }

    private void attributes(NodeMetadata metadata, NodeSettings settings) {
        metadata.set(MetadataKey.PROXY_CONFIG, settings.config().tree());
        if (environment.has("ISTIO_METAJSON_LABELS")) {
            Map<String, Object> labels =
                    statedLabels(environment.text("ISTIO_METAJSON_LABELS", ""));
            if (!labels.isEmpty()) {
                metadata.set(MetadataKey.LABELS, labels);
                metadata.set(MetadataKey.STATIC_LABELS, labels);
            }
        }
        attribute(metadata, MetadataKey.NAME, "POD_NAME");
        attribute(metadata, MetadataKey.NAMESPACE, "POD_NAMESPACE");
        attribute(metadata, MetadataKey.SERVICE_ACCOUNT, "SERVICE_ACCOUNT");
        if (!settings.platform().metadata().isEmpty()) {
            metadata.set(MetadataKey.PLATFORM_METADATA, settings.platform().metadata());
        }
    }

    private void attribute(NodeMetadata metadata, MetadataKey key, String variable) {
        if (environment.has(variable)) {
            metadata.set(key, environment.text(variable, ""));
        }
    }

    /** Of what is no text Istio's agent takes the rest. */
    private Map<String, Object> statedLabels(String json) {
        Map<String, Object> labels = new LinkedHashMap<>();
        try {
            if (Json.parse(json) instanceof Map<?, ?> map) {
                map.forEach((name, value) -> {
                    if (value instanceof String) {
                        labels.put(String.valueOf(name), value);
                    } else {
                        warnings.add("the label " + name + " is no text and is left out");
                    }
                });
            }
        } catch (IllegalArgumentException e) {
            warnings.add("ISTIO_METAJSON_LABELS gives no labels: " + e.getMessage());
        }
        return labels;
    }

    private void labels(NodeMetadata metadata) {
        Map<String, String> pod = podFile(files.podLabels(), "labels");
        if (pod == null) {
            return;
        }
        podLabels = true;
        Map<String, Object> labels = metadata.map(MetadataKey.STATIC_LABELS);
        pod.forEach((name, value) -> {
            if (!name.equals(REPLICAS_LABEL)) {
                labels.put(name, value);
            }
        });
        metadata.set(MetadataKey.LABELS, labels);
    }

    private void annotations(NodeMetadata metadata) {
        Map<String, String> pod = podFile(files.podAnnotations(), "annotations");
        if (pod != null) {
            Map<String, Object> annotations = metadata.map(MetadataKey.ANNOTATIONS);
            annotations.putAll(pod);
            metadata.set(MetadataKey.ANNOTATIONS, annotations);
        }
    }

    private @org.jspecify.annotations.Nullable Map<String, String> podFile(Path file, String what) {
        try {
            return DownwardApi.read(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | IllegalArgumentException e) {
            warnings.add("the " + what + " of the pod cannot be read: " + e);
            return null;
        }
    }

    private Locality locality(NodeMetadata metadata, NodeSettings settings) {
        Map<String, Object> labels = metadata.map(MetadataKey.LABELS);
        Object stated =
                labels.getOrDefault(TOPOLOGY_LABEL, labels.getOrDefault(LOCALITY_LABEL, ""));
        String label = String.valueOf(stated);
        if (label.isEmpty()) {
            return settings.platform().locality();
        }
        String path = label.indexOf('/') >= 0 ? label : label.replace('.', '/');
        labels.put(LOCALITY_LABEL, path);
        metadata.set(MetadataKey.LABELS, labels);
        if (!podLabels) { // then both are one map in Istio's agent
            metadata.set(MetadataKey.STATIC_LABELS, labels);
        }
        return Locality.parse(path);
    }

    private static void own(NodeMetadata metadata, NodeSettings settings) {
        ProxyConfig config = settings.config();
        if (config.controlPlaneMutualTls()) {
            String address = config.discoveryAddress();
            int colon = address.indexOf(':');
            String host = colon < 0 ? address : address.substring(0, colon);
            String name = host.equals("localhost") ? "istiod.istio-system.svc" : host;
            metadata.set(MetadataKey.PILOT_SAN, List.of(name));
        }
        metadata.set(MetadataKey.OUTLIER_LOG_PATH, settings.outlierLogPath());
        if (settings.credentialSocket()) {
            metadata.setRaw("credential", "true");
        }
        if (settings.onlyFiles()) {
            metadata.setRaw("file-credential", "true");
        }
    }
}

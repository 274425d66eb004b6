package dev.attache.agent.bootstrap.node;

import dev.attache.agent.bootstrap.platform.Locality;
import java.util.List;
import java.util.Map;

/**
 * Who this proxy is to the control plane. Immutable; any thread.
 *
 * @param id {@code sidecar~ADDRESS~POD.NAMESPACE~DOMAIN}
 * @param cluster what telemetry calls it
 * @param locality where it runs
 * @param metadata all the rest
 * @param addresses of the proxy
 */
public record Node(
        String id,
        String cluster,
        Locality locality,
        NodeMetadata metadata,
        NodeAddresses addresses) {

    /** The port of Envoy's own readiness, 15021 unless {@code ENVOY_STATUS_PORT} says otherwise. */
    public int statusPort() {
        return metadata.number(MetadataKey.ENVOY_STATUS_PORT);
    }

    /**
     * The port of Envoy's statistics, 15090 unless {@code ENVOY_PROMETHEUS_PORT} says otherwise.
     */
    public int prometheusPort() {
        return metadata.number(MetadataKey.ENVOY_PROMETHEUS_PORT);
    }

    /** Statistics by mutual TLS; 0 for nowhere. */
    public int secureMetricsPort() {
        return metadata.number(MetadataKey.ENVOY_SECURE_METRICS_PORT);
    }

    /** Merged statistics by mutual TLS; 0 for nowhere. */
    public int secureMergedMetricsPort() {
        return metadata.number(MetadataKey.ENVOY_SECURE_MERGED_METRICS_PORT);
    }

    /** Names that the control plane's certificate may have. */
    public List<String> controlPlaneNames() {
        return metadata.list(MetadataKey.PILOT_SAN);
    }

    /** The pod's annotations, with those that variables gave. */
    public Map<String, Object> annotations() {
        return metadata.map(MetadataKey.ANNOTATIONS);
    }

    /** What the cloud says. */
    public Map<String, Object> platformMetadata() {
        return metadata.map(MetadataKey.PLATFORM_METADATA);
    }

    /** A value by its key in metadata; empty where it is not text, or not there. */
    public String text(String key) {
        return MetadataKey.of(key)
                .map(metadata::text)
                .orElseGet(() -> String.valueOf(metadata.rawValue(key)));
    }

    /** Whether a key of metadata holds true. */
    public boolean truth(String key) {
        return MetadataKey.of(key).map(metadata::truth).orElse(false);
    }

    /** Whether raw metadata has the key. */
    public boolean hasRaw(String key) {
        return !metadata.rawValue(key).equals("");
    }

    /** As {@code envoy.config.core.v3.Node} calls the sorts of nodes. */
    public String type() {
        return id.substring(0, id.indexOf('~'));
    }
}

package dev.attache.filters.istio.stats;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;

/**
 * What this proxy's own workload is called, by the metadata of its node. Octets, empty where it
 * does not say. Immutable.
 *
 * @param version Istio's, of the proxy
 */
record NodeLabels(
        String workload,
        String namespace,
        String canonicalService,
        String canonicalRevision,
        String app,
        String appVersion,
        String cluster,
        String version) {

    static NodeLabels of(MetadataValue.Struct node) {
        MetadataValue.Struct labels =
                node.get("LABELS") instanceof MetadataValue.Struct found
                        ? found
                        : MetadataValue.EMPTY_STRUCT;
        return new NodeLabels(
                text(node, "WORKLOAD_NAME"),
                text(node, "NAMESPACE"),
                text(labels, "service.istio.io/canonical-name"),
                text(labels, "service.istio.io/canonical-revision"),
                text(labels, "app"),
                text(labels, "version"),
                text(node, "CLUSTER_ID"),
                text(node, "ISTIO_VERSION"));
    }

    private static String text(MetadataValue.Struct struct, String name) {
        return struct.get(name) instanceof MetadataValue.Text text ? Octets.of(text.value()) : "";
    }
}

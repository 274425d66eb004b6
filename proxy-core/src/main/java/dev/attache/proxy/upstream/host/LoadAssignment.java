package dev.attache.proxy.upstream.host;

import java.util.List;

/**
 * {@code envoy.config.endpoint.v3.ClusterLoadAssignment} with Envoy's defaults applied. Immutable.
 *
 * @param overprovisioningFactor percent, 140 by default
 * @param weightedPriorityHealth health of a priority by weight of its hosts, not by their number
 * @param endpointStaleAfterMillis 0 = never; the control plane's silence after which endpoints are
 *     dropped
 * @param dropOverloads {@code policy.drop_overloads} in order
 */
public record LoadAssignment(
        String clusterName,
        List<LocalityEndpoints> localities,
        int overprovisioningFactor,
        boolean weightedPriorityHealth,
        long endpointStaleAfterMillis,
        List<DropOverload> dropOverloads) {

    public static final int OVERPROVISIONING_DEFAULT = 140;

    /**
     * A share of requests to refuse.
     *
     * @param numerator of {@code denominator} (100, 10,000 or 1,000,000)
     */
    public record DropOverload(String category, int numerator, int denominator) {}

    public LoadAssignment {
        localities = List.copyOf(localities);
        dropOverloads = List.copyOf(dropOverloads);
    }

    /** No endpoints at all: legal for STATIC, and what EDS starts from. */
    public static LoadAssignment empty(String clusterName) {
        return of(clusterName, List.of());
    }

    public static LoadAssignment of(String clusterName, List<LocalityEndpoints> localities) {
        return new LoadAssignment(
                clusterName, localities, OVERPROVISIONING_DEFAULT, false, 0, List.of());
    }
}

package dev.attache.proxy.upstream.host;

import dev.attache.proxy.metadata.Metadata;
import java.util.List;

/**
 * {@code envoy.config.endpoint.v3.LocalityLbEndpoints}. Immutable.
 *
 * @param weight {@code load_balancing_weight}; 0 = unset, which under locality-weighted balancing
 *     means no traffic
 * @param priority 0 is the highest
 */
public record LocalityEndpoints(
        Locality locality,
        int weight,
        int priority,
        List<EndpointSpec> endpoints,
        Metadata metadata) {
    public LocalityEndpoints {
        endpoints = List.copyOf(endpoints);
    }
}

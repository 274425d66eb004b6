package dev.attache.proxy.upstream.host;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.metadata.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.endpoint.v3.LbEndpoint} with its {@code Endpoint}. Immutable.
 *
 * @param additionalAddresses for happy eyeballs, after {@code address} in order of preference
 * @param hostname {@code endpoint.hostname}: what {@code auto_host_rewrite} and health checks use;
 *     empty where unset
 * @param weight at least 1
 * @param localityMetadata {@code LocalityLbEndpoints.metadata} of those it stands among
 */
public record EndpointSpec(
        EndpointAddress address,
        List<Address> additionalAddresses,
        String hostname,
        int weight,
        HealthStatus healthStatus,
        Metadata metadata,
        Metadata localityMetadata,
        HealthCheckOverride healthCheck) {

    /**
     * {@code Endpoint.HealthCheckConfig}.
     *
     * @param port 0 = the endpoint's own
     * @param address with the port that holds where {@code port} is 0; null = the endpoint's own
     * @param hostname empty = unset
     */
    public record HealthCheckOverride(
            int port,
            @Nullable Address address,
            String hostname,
            boolean disableActiveHealthCheck) {
        public static final HealthCheckOverride NONE = new HealthCheckOverride(0, null, "", false);
    }

    public EndpointSpec {
        additionalAddresses = List.copyOf(additionalAddresses);
        if (weight < 1) {
            throw new IllegalArgumentException("load_balancing_weight must be at least 1");
        }
    }

    /** A healthy endpoint of weight 1 without any extra. */
    public static EndpointSpec of(Address address) {
        return new EndpointSpec(
                new EndpointAddress.Literal(address),
                List.of(),
                "",
                1,
                HealthStatus.UNKNOWN,
                Metadata.EMPTY,
                Metadata.EMPTY,
                HealthCheckOverride.NONE);
    }

    public EndpointSpec withHostname(String name) {
        return new EndpointSpec(
                address,
                additionalAddresses,
                name,
                weight,
                healthStatus,
                metadata,
                localityMetadata,
                healthCheck);
    }

    public EndpointSpec withAdditionalAddresses(List<Address> addresses) {
        return new EndpointSpec(
                address,
                addresses,
                hostname,
                weight,
                healthStatus,
                metadata,
                localityMetadata,
                healthCheck);
    }
}

package dev.attache.config.endpoint;

import dev.attache.config.core.Addresses;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code LbEndpoint} with its {@code Endpoint} to {@link EndpointSpec}. */
final class EndpointCompiler {
    private EndpointCompiler() {}

    static List<EndpointSpec> compile(
            ClusterLoadAssignment assignment,
            LocalityLbEndpoints locality,
            NameResolution names,
            CompileContext context) {
        boolean nested = locality.hasLoadBalancerEndpoints();
        List<LbEndpoint> endpoints =
                nested
                        ? locality.getLoadBalancerEndpoints().getLbEndpointsList()
                        : locality.getLbEndpointsList();
        CompileContext list = nested ? context.at("load_balancer_endpoints") : context;
        Metadata ofLocality = MetadataValues.compile(locality.getMetadata());
        List<EndpointSpec> compiled = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            CompileContext at = list.at("lb_endpoints", i);
            EndpointSpec spec = endpoint(assignment, endpoints.get(i), ofLocality, names, at);
            if (spec != null) {
                compiled.add(spec);
            }
        }
        return compiled;
    }

    private static @Nullable EndpointSpec endpoint(
            ClusterLoadAssignment assignment,
            LbEndpoint lb,
            Metadata ofLocality,
            NameResolution names,
            CompileContext context) {
        Endpoint endpoint = lb.getEndpoint();
        CompileContext at = context.at("endpoint");
        if (lb.getHostIdentifierCase() == LbEndpoint.HostIdentifierCase.ENDPOINT_NAME) {
            Endpoint named = assignment.getNamedEndpointsMap().get(lb.getEndpointName());
            at = context.at("endpoint_name");
            if (named == null) {
                at.error("unknown endpoint name: " + lb.getEndpointName());
                return null;
            }
            endpoint = named;
        }
        EndpointAddress address = address(endpoint, names, at.at("address"));
        if (address == null) {
            return null;
        }
        return new EndpointSpec(
                address,
                additional(endpoint, at),
                endpoint.getHostname(),
                lb.hasLoadBalancingWeight() ? weight(lb.getLoadBalancingWeight().getValue()) : 1,
                health(lb),
                MetadataValues.compile(lb.getMetadata()),
                ofLocality,
                healthCheck(endpoint, at.at("health_check_config")));
    }

    /** Weights are unsigned 32-bit values; what exceeds the signed range is its largest value. */
    private static int weight(int value) {
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    private static @Nullable EndpointAddress address(
            Endpoint endpoint, NameResolution names, CompileContext context) {
        var address = endpoint.getAddress();
        if (!address.hasSocketAddress() || names == NameResolution.NONE) {
            Address literal = Addresses.literal(address, context);
            return literal == null ? null : new EndpointAddress.Literal(literal);
        }
        var socket = address.getSocketAddress();
        if (!Addresses.checkPort(socket, context.at("socket_address"))) {
            return null;
        }
        return new EndpointAddress.Named(socket.getAddress(), socket.getPortValue());
    }

    private static List<Address> additional(Endpoint endpoint, CompileContext context) {
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < endpoint.getAdditionalAddressesCount(); i++) {
            CompileContext at = context.at("additional_addresses", i).at("address");
            Address address =
                    Addresses.literal(endpoint.getAdditionalAddresses(i).getAddress(), at);
            if (address instanceof IpAddress ip) {
                addresses.add(ip);
            } else if (address != null) {
                at.error("additional_addresses must be IP addresses");
            }
        }
        return addresses;
    }

    private static HealthStatus health(LbEndpoint endpoint) {
        return switch (endpoint.getHealthStatus()) {
            case HEALTHY -> HealthStatus.HEALTHY;
            case UNHEALTHY -> HealthStatus.UNHEALTHY;
            case DRAINING -> HealthStatus.DRAINING;
            case TIMEOUT -> HealthStatus.TIMEOUT;
            case DEGRADED -> HealthStatus.DEGRADED;
            case UNKNOWN, UNRECOGNIZED -> HealthStatus.UNKNOWN;
        };
    }

    private static EndpointSpec.HealthCheckOverride healthCheck(
            Endpoint endpoint, CompileContext context) {
        if (!endpoint.hasHealthCheckConfig()) {
            return EndpointSpec.HealthCheckOverride.NONE;
        }
        var config = endpoint.getHealthCheckConfig();
        Address address =
                config.hasAddress()
                        ? Addresses.literal(config.getAddress(), context.at("address"))
                        : null;
        return new EndpointSpec.HealthCheckOverride(
                config.getPortValue(),
                address,
                config.getHostname(),
                config.getDisableActiveHealthCheck());
    }
}

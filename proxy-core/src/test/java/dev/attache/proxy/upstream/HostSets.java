package dev.attache.proxy.upstream;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.EndpointSpec.HealthCheckOverride;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import java.util.ArrayList;
import java.util.List;

/** Writes host sets down in short. */
public final class HostSets {

    private HostSets() {}

    public static EndpointSpec endpoint(int port, int weight, HealthStatus health) {
        return new EndpointSpec(
                new EndpointAddress.Literal(address(port)),
                List.of(),
                "",
                weight,
                health,
                Metadata.EMPTY,
                Metadata.EMPTY,
                HealthCheckOverride.NONE);
    }

    public static Address address(int port) {
        return IpAddress.parse("127.0.0.1", port);
    }

    /** {@code healthy} then {@code degraded} then {@code failed} endpoints of weight 1. */
    public static LocalityEndpoints level(int priority, int healthy, int degraded, int failed) {
        return group(priority, Locality.NONE, 0, 1000 * (priority + 1), healthy, degraded, failed);
    }

    public static LocalityEndpoints group(
            int priority,
            Locality locality,
            int weight,
            int firstPort,
            int healthy,
            int degraded,
            int failed) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        int port = firstPort;
        for (int i = 0; i < healthy; i++) {
            endpoints.add(endpoint(port++, 1, HealthStatus.HEALTHY));
        }
        for (int i = 0; i < degraded; i++) {
            endpoints.add(endpoint(port++, 1, HealthStatus.DEGRADED));
        }
        for (int i = 0; i < failed; i++) {
            endpoints.add(endpoint(port++, 1, HealthStatus.UNHEALTHY));
        }
        return new LocalityEndpoints(locality, weight, priority, endpoints, Metadata.EMPTY);
    }

    public static LocalityEndpoints weighted(int... weights) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            endpoints.add(endpoint(1000 + i, weights[i], HealthStatus.HEALTHY));
        }
        return new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY);
    }

    public static HostSet of(LocalityEndpoints... groups) {
        return of(null, groups);
    }

    public static HostSet of(Locality own, LocalityEndpoints... groups) {
        return new HostSetAssembly(HostSet.EMPTY, own, 0, HostSetAssembly.FirstCheck.UNCHECKED)
                .addLiterals(LoadAssignment.of("c", List.of(groups)))
                .build(1);
    }
}

package dev.attache.server.admin.dump;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;

/** The endpoints that a cluster has now, as {@code /config_dump?include_eds} shows them. Pure. */
final class EndpointMessages {

    private EndpointMessages() {}

    static ClusterLoadAssignment of(SharedCluster cluster) {
        ClusterLoadAssignment.Builder all =
                ClusterLoadAssignment.newBuilder().setClusterName(name(cluster));
        int overprovisioning = LoadAssignment.OVERPROVISIONING_DEFAULT;
        for (PriorityHosts level : cluster.hosts().priorities()) {
            overprovisioning = level.overprovisioningFactor();
            for (LocalityHosts group : level.localities()) {
                if (!group.hosts().isEmpty()) {
                    all.addEndpoints(of(level.priority(), group));
                }
            }
        }
        all.getPolicyBuilder().setOverprovisioningFactor(UInt32Value.of(overprovisioning));
        return all.build();
    }

    /** The name that EDS knows the endpoints by. */
    static String name(SharedCluster cluster) {
        String name = cluster.spec().name();
        return cluster.spec().discovery() instanceof DiscoverySpec.Eds eds
                ? eds.nameFor(name)
                : name;
    }

    private static LocalityLbEndpoints of(int priority, LocalityHosts group) {
        LocalityLbEndpoints.Builder endpoints =
                LocalityLbEndpoints.newBuilder()
                        .setPriority(priority)
                        .setLoadBalancingWeight(UInt32Value.of(group.weight()))
                        .setLocality(
                                Locality.newBuilder()
                                        .setRegion(group.locality().region())
                                        .setZone(group.locality().zone())
                                        .setSubZone(group.locality().subZone()));
        group.hosts().forEach(host -> endpoints.addLbEndpoints(of(host)));
        return endpoints.build();
    }

    private static LbEndpoint of(Host host) {
        EndpointSpec.HealthCheckOverride check = host.spec().healthCheck();
        LbEndpoint.Builder message =
                LbEndpoint.newBuilder()
                        .setLoadBalancingWeight(UInt32Value.of(host.weight()))
                        .setHealthStatus(
                                host.healthy()
                                        ? HealthStatus.HEALTHY
                                        : host.degraded()
                                                ? HealthStatus.DEGRADED
                                                : HealthStatus.UNHEALTHY)
                        .setEndpoint(
                                Endpoint.newBuilder()
                                        .setAddress(AddressMessages.of(host.address()))
                                        .setHostname(host.hostname())
                                        .setHealthCheckConfig(
                                                Endpoint.HealthCheckConfig.newBuilder()
                                                        .setHostname(check.hostname())
                                                        .setPortValue(check.port())));
        if (!host.metadata().filterMetadata().isEmpty()) {
            Metadata.Builder metadata = Metadata.newBuilder();
            host.metadata()
                    .filterMetadata()
                    .forEach((filter, value) -> metadata.putFilterMetadata(filter, struct(value)));
            message.setMetadata(metadata);
        }
        return message.build();
    }

    private static Struct struct(MetadataValue.Struct struct) {
        Struct.Builder message = Struct.newBuilder();
        struct.fields().forEach((key, field) -> message.putFields(key, value(field)));
        return message.build();
    }

    private static Value value(MetadataValue value) {
        Value.Builder message = Value.newBuilder();
        switch (value) {
            case MetadataValue.Text text -> message.setStringValue(text.value());
            case MetadataValue.Number number -> message.setNumberValue(number.value());
            case MetadataValue.Bool bool -> message.setBoolValue(bool.value());
            case MetadataValue.Struct struct -> message.setStructValue(struct(struct));
            case MetadataValue.Sequence sequence -> {
                ListValue.Builder list = ListValue.newBuilder();
                sequence.values().forEach(item -> list.addValues(value(item)));
                message.setListValue(list);
            }
            default -> message.setNullValue(NullValue.NULL_VALUE);
        }
        return message.build();
    }
}

package dev.attache.proxy.upstream.lb.subset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.EndpointSpec.HealthCheckOverride;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SubsetAssemblyTest {

    private static final Locality ZONE = new Locality("r", "z", "");
    private static final List<String> KEYS = List.of("id");
    private static final SubsetSpec SPEC =
            new SubsetSpec(
                    RoundRobinSpec.DEFAULTS,
                    List.of(new SubsetSelector(KEYS, SubsetFallback.NOT_DEFINED, List.of(), false)),
                    SubsetFallback.NO_FALLBACK,
                    MetadataValue.EMPTY_STRUCT,
                    false,
                    false,
                    false,
                    false,
                    false,
                    false);

    /** Hosts with a key each, of which every hundredth is not healthy and the next degraded. */
    private static HostSet hosts(int count) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HealthStatus health =
                    switch (i % 100) {
                        case 0 -> HealthStatus.UNHEALTHY;
                        case 1 -> HealthStatus.DEGRADED;
                        default -> HealthStatus.HEALTHY;
                    };
            var fields = Map.<String, MetadataValue>of("id", new MetadataValue.Number(i));
            endpoints.add(
                    new EndpointSpec(
                            new EndpointAddress.Literal(HostSets.address(1 + i)),
                            List.of(),
                            "",
                            1,
                            health,
                            new Metadata(Map.of("envoy.lb", new MetadataValue.Struct(fields))),
                            Metadata.EMPTY,
                            HealthCheckOverride.NONE));
        }
        return new HostSetAssembly(HostSet.EMPTY, ZONE, 0, HostSetAssembly.FirstCheck.UNCHECKED)
                .addLiterals(
                        LoadAssignment.of(
                                "c",
                                List.of(
                                        new LocalityEndpoints(
                                                ZONE, 0, 0, endpoints, Metadata.EMPTY))))
                .build(1);
    }

    private static PriorityHosts subset(SubsetTable table, int id) {
        Subset found = table.get(new SubsetKey(KEYS, List.of(new MetadataValue.Number(id))));
        assertThat(found).isNotNull();
        return found.hosts().priorities().getFirst();
    }

    /** What grows with the square of the hosts takes three times as long as this may. */
    @Test
    @Timeout(5)
    void manyHostsWithAKeyEachAreSortedInOnePass() {
        SubsetTable table = new SubsetAssembly(SPEC, hosts(60_000), null).table();
        assertThat(table.size()).isEqualTo(60_000);
        assertThat(subset(table, 500).healthy()).isEmpty();
        assertThat(subset(table, 500).degraded()).isEmpty();
        assertThat(subset(table, 501).healthy()).isEmpty();
        assertThat(subset(table, 501).degraded()).hasSize(1);
        assertThat(subset(table, 502).healthy()).isEqualTo(subset(table, 502).hosts());
        assertThat(subset(table, 502).degraded()).isEmpty();
    }
}

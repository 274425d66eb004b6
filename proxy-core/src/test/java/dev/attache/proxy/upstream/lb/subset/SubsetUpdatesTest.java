package dev.attache.proxy.upstream.lb.subset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.EndpointSpec.HealthCheckOverride;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to the hosts of a cluster, one thing after another: its subsets are what they
 * would be if all of them were made anew, and those in which nothing has changed are the same
 * objects.
 */
final class SubsetUpdatesTest {

    private static final List<Locality> ZONES =
            List.of(new Locality("r", "a", ""), new Locality("r", "b", ""));
    private static final int STEPS = 300;
    private static final int MOST = 24;

    /** An endpoint that the control plane names, as it says it now. */
    private static final class Told {
        private final int port;
        private int weight = 1;
        private int zone;
        private int priority;
        private String version = "v1";
        private String stage = "prod";
        private HealthStatus health = HealthStatus.HEALTHY;

        Told(int port) {
            this.port = port;
        }

        EndpointSpec spec() {
            Map<String, MetadataValue> fields =
                    Map.of(
                            "version",
                            new MetadataValue.Text(version),
                            "stage",
                            new MetadataValue.Text(stage));
            return new EndpointSpec(
                    new EndpointAddress.Literal(HostSets.address(port)),
                    List.of(),
                    "",
                    weight,
                    health,
                    new Metadata(Map.of("envoy.lb", new MetadataValue.Struct(fields))),
                    Metadata.EMPTY,
                    HealthCheckOverride.NONE);
        }
    }

    static Stream<SubsetSpec> specs() {
        SubsetSelector version = selector(false, "version");
        return Stream.of(
                spec(false, SubsetFallback.NO_FALLBACK, version),
                spec(true, SubsetFallback.DEFAULT_SUBSET, version, selector(false, "stage")),
                spec(
                        false,
                        SubsetFallback.ANY_ENDPOINT,
                        selector(false, "stage", "version"),
                        selector(true, "stage")));
    }

    private static SubsetSelector selector(boolean single, String... keys) {
        return new SubsetSelector(List.of(keys), SubsetFallback.NOT_DEFINED, List.of(), single);
    }

    private static SubsetSpec spec(
            boolean scaled, SubsetFallback fallback, SubsetSelector... selectors) {
        return new SubsetSpec(
                RoundRobinSpec.DEFAULTS,
                List.of(selectors),
                fallback,
                new MetadataValue.Struct(Map.of("stage", new MetadataValue.Text("prod"))),
                true,
                scaled,
                false,
                false,
                false,
                false);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void subsetsAreWhatTheyWouldBeIfAllWereMadeAnew(SubsetSpec spec) {
        Random random = new Random(42);
        List<Told> endpoints = new ArrayList<>();
        int[] weights = {1, 1};
        HostSet hosts = HostSet.EMPTY;
        SubsetTable table = new SubsetAssembly(spec, hosts, null).table();
        int kept = 0;
        int made = 0;
        for (int step = 1; step <= STEPS; step++) {
            HostSet earlier = hosts;
            hosts = next(random, endpoints, weights, hosts, step);
            SubsetTable whole = new SubsetAssembly(spec, hosts, null).table();
            boolean sameFrame = SubsetMembers.sameFrame(earlier, hosts);
            SubsetTable after = new SubsetAssembly(spec, hosts, table).table();
            assertThat(after.keys()).containsExactlyElementsOf(whole.keys());
            assertThat(after.duplicates()).isEqualTo(whole.duplicates());
            for (int i = 0; i < whole.size(); i++) {
                Subset full = whole.at(i);
                Subset own = after.at(i);
                assertSame(own, full);
                Subset old = table.get(full.key());
                boolean unchanged =
                        old != null && sameFrame && own.single() == null && isAs(old, full);
                if (unchanged) {
                    assertThat(own.hosts()).as("step %d", step).isSameAs(old.hosts());
                    kept++;
                } else {
                    made++;
                }
            }
            table = after;
        }
        assertThat(kept).as("there was something to keep").isGreaterThan(STEPS / 4);
        assertThat(made).as("there was something to make").isGreaterThan(STEPS / 4);
    }

    private static void assertSame(Subset own, Subset full) {
        assertThat(own.key()).isEqualTo(full.key());
        assertThat(own.index()).isEqualTo(full.index());
        assertThat(own.single()).isSameAs(full.single());
        assertThat(own.hosts().priorities()).isEqualTo(full.hosts().priorities());
        assertThat(own.told()).isEqualTo(full.told());
    }

    private static boolean isAs(Subset old, Subset full) {
        List<PriorityHosts> levels = full.hosts().priorities();
        return old.hosts().priorities().equals(levels) && old.told().equals(full.told());
    }

    /** One thing happens; now and then nothing but a message that says the same again. */
    private static HostSet next(
            Random random, List<Told> endpoints, int[] weights, HostSet before, int step) {
        Told one =
                endpoints.isEmpty()
                        ? new Told(step)
                        : endpoints.get(random.nextInt(endpoints.size()));
        switch (endpoints.isEmpty() ? 0 : random.nextInt(10)) {
            case 0, 1 -> {
                if (endpoints.size() < MOST) {
                    Told added = new Told(step);
                    added.version = "v" + random.nextInt(4);
                    endpoints.add(random.nextInt(endpoints.size() + 1), added);
                }
            }
            case 2 -> endpoints.remove(one);
            case 3 -> one.weight = 1 + random.nextInt(3);
            case 4 -> one.version = "v" + random.nextInt(4);
            case 5 -> one.stage = random.nextBoolean() ? "prod" : "dev";
            case 6 -> one.health = HealthStatus.values()[random.nextInt(3)];
            case 7 -> one.zone = random.nextInt(2);
            case 8 -> {
                if (random.nextInt(4) == 0) {
                    one.priority = random.nextInt(2);
                } else if (random.nextInt(4) == 0) {
                    weights[random.nextInt(2)] = 1 + random.nextInt(3);
                } else {
                    return failed(random, before, step);
                }
            }
            default -> {}
        }
        return set(endpoints, weights, before, step);
    }

    /** An active check changes its mind about a host. */
    private static HostSet failed(Random random, HostSet before, int step) {
        List<Host> hosts = before.hosts();
        if (!hosts.isEmpty()) {
            Host host = hosts.get(random.nextInt(hosts.size()));
            host.set(Host.Flag.FAILED_ACTIVE_HC, !host.has(Host.Flag.FAILED_ACTIVE_HC));
        }
        return before.withCurrentHealth(step);
    }

    private static HostSet set(List<Told> endpoints, int[] weights, HostSet before, int step) {
        List<LocalityEndpoints> groups = new ArrayList<>();
        for (int priority = 0; priority < 2; priority++) {
            for (int zone = 0; zone < 2; zone++) {
                List<EndpointSpec> members = new ArrayList<>();
                for (Told each : endpoints) {
                    if (each.zone == zone && each.priority == priority) {
                        members.add(each.spec());
                    }
                }
                groups.add(
                        new LocalityEndpoints(
                                ZONES.get(zone), weights[zone], priority, members, Metadata.EMPTY));
            }
        }
        return new HostSetAssembly(
                        before, ZONES.getFirst(), 0, HostSetAssembly.FirstCheck.UNCHECKED)
                .addLiterals(LoadAssignment.of("c", groups))
                .build(step);
    }
}

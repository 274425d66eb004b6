package dev.attache.proxy.upstream.lb.subset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.MetadataValue.Struct;
import dev.attache.proxy.metadata.MetadataValue.Text;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.FakeWorker;
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
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.BalancerStats.Stat;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.lb.RingHashSpec;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SubsetBalancerTest {

    private static final Locality NEAR = new Locality("r", "near", "");
    private static final Locality FAR = new Locality("r", "far", "");
    private static final SubsetSelector VERSION = selector("version");
    private static final int WORKERS = 2;

    private final Map<Stat, Integer> counted = new HashMap<>();
    private final Scope scope = new StatsStore().scope("cluster.c.");
    private final SharedTables tables = new SharedTables(scope, WORKERS);
    private final FakeWorker worker = new FakeWorker();
    private LoadBalancingSettings settings = LoadBalancingSettings.DEFAULTS;
    private HostSet local = HostSet.EMPTY;
    private long version;

    private static SubsetSelector selector(String... keys) {
        return new SubsetSelector(List.of(keys), SubsetFallback.NOT_DEFINED, List.of(), false);
    }

    private static SubsetSpec spec(LoadBalancerSpec child, SubsetSelector... selectors) {
        return new SubsetSpec(
                child,
                List.of(selectors),
                SubsetFallback.NO_FALLBACK,
                MetadataValue.EMPTY_STRUCT,
                false,
                false,
                false,
                false,
                false,
                false);
    }

    private static SubsetSpec spec(SubsetSelector... selectors) {
        return spec(RoundRobinSpec.DEFAULTS, selectors);
    }

    private static SubsetSpec aware(boolean scaled) {
        return new SubsetSpec(
                RoundRobinSpec.DEFAULTS,
                List.of(VERSION),
                SubsetFallback.NO_FALLBACK,
                MetadataValue.EMPTY_STRUCT,
                true,
                scaled,
                false,
                false,
                false,
                false);
    }

    private static Struct fields(String... pairs) {
        Map<String, MetadataValue> fields = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], new Text(pairs[i + 1]));
        }
        return new Struct(fields);
    }

    private static EndpointSpec host(int port, HealthStatus health, String... pairs) {
        return new EndpointSpec(
                new EndpointAddress.Literal(HostSets.address(port)),
                List.of(),
                "",
                1,
                health,
                new Metadata(Map.of("envoy.lb", fields(pairs))),
                Metadata.EMPTY,
                HealthCheckOverride.NONE);
    }

    private static EndpointSpec host(int port, String... pairs) {
        return host(port, HealthStatus.HEALTHY, pairs);
    }

    private static LocalityEndpoints group(Locality locality, int weight, EndpointSpec... hosts) {
        return new LocalityEndpoints(locality, weight, 0, List.of(hosts), Metadata.EMPTY);
    }

    private HostSet hosts(HostSet before, LocalityEndpoints... groups) {
        return new HostSetAssembly(before, NEAR, 0, HostSetAssembly.FirstCheck.UNCHECKED)
                .addLiterals(LoadAssignment.of("c", List.of(groups)))
                .build(++version);
    }

    private HostSet hosts(EndpointSpec... hosts) {
        return hosts(HostSet.EMPTY, group(NEAR, 0, hosts));
    }

    private LoadBalancer open(SubsetSpec spec, HostSet hosts) {
        spec.prepare(hosts, settings, tables);
        LoadBalancer balancer =
                spec.newBalancer(
                        new BalancerContext(
                                worker,
                                settings,
                                NEAR,
                                () -> local,
                                tables,
                                stat -> counted.merge(stat, 1, Integer::sum)));
        balancer.hosts(hosts);
        return balancer;
    }

    private static PickContext wanting(@Nullable Struct criteria) {
        return new PickContext() {
            @Override
            public @Nullable Struct metadataMatch() {
                return criteria;
            }

            @Override
            public boolean hasHash() {
                return true;
            }

            @Override
            public long hash() {
                return 7;
            }
        };
    }

    private static int port(Pick pick) {
        return pick instanceof Host host && host.address() instanceof IpAddress ip ? ip.port() : -1;
    }

    private static int pick(LoadBalancer balancer, String... criteria) {
        return port(balancer.pick(wanting(fields(criteria))));
    }

    /** Who is picked at all, in many picks. */
    private static List<Integer> reached(LoadBalancer balancer, String... criteria) {
        TreeSet<Integer> ports = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            ports.add(pick(balancer, criteria));
        }
        return new ArrayList<>(ports);
    }

    @Test
    void aRequestReachesTheHostsThatHaveWhatItNames() {
        LoadBalancer balancer =
                open(
                        spec(VERSION, selector("stage", "version")),
                        hosts(
                                host(1, "version", "1", "stage", "prod"),
                                host(2, "version", "1", "stage", "test"),
                                host(3, "version", "2"),
                                host(4)));
        assertThat(reached(balancer, "version", "1")).containsExactly(1, 2);
        assertThat(reached(balancer, "version", "2")).containsExactly(3);
        assertThat(pick(balancer, "version", "1", "stage", "test")).isEqualTo(2);
        assertThat(pick(balancer, "version", "3")).isEqualTo(-1);
        assertThat(pick(balancer, "stage", "test")).isEqualTo(-1);
        assertThat(port(balancer.pick(PickContext.NONE))).isEqualTo(-1);
        assertThat(counted).containsOnly(Map.entry(Stat.LB_SUBSETS_SELECTED, 401));
    }

    @Test
    void subsetsAreCountedForEachWorkerAndTheMainThread() {
        SubsetSpec spec = spec(VERSION);
        HostSet first = hosts(host(1, "version", "1"), host(2, "version", "2"));
        LoadBalancer balancer = open(spec, first);
        assertThat(scope.gauge("lb_subsets_active").value()).isEqualTo(2 * (WORKERS + 1));
        assertThat(pick(balancer, "version", "2")).isEqualTo(2);

        HostSet next =
                hosts(first, group(NEAR, 0, host(1, "version", "2"), host(2, "version", "3")));
        spec.prepare(next, settings, tables);
        balancer.hosts(next);
        assertThat(pick(balancer, "version", "1")).isEqualTo(-1);
        assertThat(pick(balancer, "version", "2")).isEqualTo(1);
        assertThat(pick(balancer, "version", "3")).isEqualTo(2);
        assertThat(scope.gauge("lb_subsets_active").value()).isEqualTo(2 * (WORKERS + 1));
        assertThat(scope.counter("lb_subsets_created").value()).isEqualTo(3 * (WORKERS + 1));
        assertThat(scope.counter("lb_subsets_removed").value()).isEqualTo(WORKERS + 1);

        spec.retire(tables);
        assertThat(scope.gauge("lb_subsets_active").value()).isZero();
        assertThat(scope.counter("lb_subsets_removed").value()).isEqualTo(3 * (WORKERS + 1));
    }

    @Test
    void turnsGoOnWhereTheSubsetStays() {
        SubsetSpec spec = spec(VERSION);
        HostSet first = hosts(host(1, "version", "1"), host(2, "version", "1"));
        LoadBalancer balancer = open(spec, first);
        int before = pick(balancer, "version", "1");
        HostSet next =
                hosts(
                        first,
                        group(
                                NEAR,
                                0,
                                host(1, "version", "1"),
                                host(2, "version", "1"),
                                host(3, "version", "2")));
        spec.prepare(next, settings, tables);
        balancer.hosts(next);
        assertThat(pick(balancer, "version", "1")).isEqualTo(3 - before);
    }

    @Test
    void aFailingSubsetPanicsByItself() {
        LoadBalancer balancer =
                open(
                        spec(VERSION),
                        hosts(
                                host(1, HealthStatus.UNHEALTHY, "version", "1"),
                                host(2, HealthStatus.HEALTHY, "version", "1"),
                                host(3, HealthStatus.UNHEALTHY, "version", "2"),
                                host(4, HealthStatus.UNHEALTHY, "version", "2")));
        assertThat(reached(balancer, "version", "1")).containsExactly(2);
        assertThat(counted).doesNotContainKey(Stat.LB_HEALTHY_PANIC);
        assertThat(reached(balancer, "version", "2")).containsExactly(3, 4);
        assertThat(counted).containsEntry(Stat.LB_HEALTHY_PANIC, 200);
    }

    @Test
    void localityWeightsCountWhereSubsetsAreAwareOfThem() {
        settings = settings.withLocalityMode(LocalityMode.LOCALITY_WEIGHTED);
        HostSet set =
                hosts(
                        HostSet.EMPTY,
                        group(
                                NEAR,
                                1,
                                host(1, "version", "1"),
                                host(2, "version", "2"),
                                host(3, "version", "2")),
                        group(FAR, 1, host(4, "version", "1"), host(5, "version", "2")),
                        group(new Locality("r", "off", ""), 0, host(6, "version", "1")));
        assertThat(reached(open(spec(VERSION), set), "version", "1")).containsExactly(1, 4, 6);
        assertThat(reached(open(aware(false), hosts(set, groups(set))), "version", "1"))
                .containsExactly(1, 4);
        // A third of the near ones is rounded to nothing.
        assertThat(reached(open(aware(true), hosts(set, groups(set))), "version", "1"))
                .containsExactly(4);
    }

    private static LocalityEndpoints[] groups(HostSet set) {
        return set.priorities().getFirst().localities().stream()
                .map(group ->
                        group(
                                group.locality(),
                                group.weight(),
                                group.hosts().stream()
                                        .map(Host::spec)
                                        .toArray(EndpointSpec[]::new)))
                .toArray(LocalityEndpoints[]::new);
    }

    @Test
    void zonesCountWithinASubset() {
        settings = zoneAware();
        EndpointSpec[] near = new EndpointSpec[2];
        EndpointSpec[] far = new EndpointSpec[2];
        for (int i = 0; i < 2; i++) {
            near[i] = host(10 + i, "version", "" + i);
            far[i] = host(20 + i, "version", "" + i);
        }
        local = hosts(HostSet.EMPTY, group(NEAR, 0, host(1)), group(FAR, 0, host(2)));
        LoadBalancer balancer =
                open(spec(VERSION), hosts(HostSet.EMPTY, group(NEAR, 0, near), group(FAR, 0, far)));
        assertThat(reached(balancer, "version", "1")).containsExactly(11);
        assertThat(counted).containsEntry(Stat.LB_ZONE_ROUTING_ALL_DIRECTLY, 200);
    }

    private static LoadBalancingSettings zoneAware() {
        LoadBalancingSettings d = LoadBalancingSettings.DEFAULTS;
        return new LoadBalancingSettings(
                50,
                LocalityMode.ZONE_AWARE,
                100,
                1,
                false,
                false,
                1000,
                false,
                false,
                false,
                0,
                d.overrideHostStatus());
    }

    @Test
    void tablesOfASubsetAreMadeOnceForAllWorkers() {
        SubsetSpec spec = spec(RingHashSpec.DEFAULTS, VERSION);
        HostSet set = hosts(host(1, "version", "1"), host(2, "version", "1"));
        LoadBalancer one = open(spec, set);
        LoadBalancer other = open(spec, set);
        assertThat(pick(one, "version", "1")).isEqualTo(pick(other, "version", "1"));
        SharedTables ofSubset =
                tables.part(new SubsetKey(List.of("version"), List.of(new Text("1"))));
        HostSet subset = SubsetTable.of(spec, set, tables).at(0).hosts();
        ofSubset.get(
                subset,
                hosts -> {
                    throw new AssertionError("made again");
                });
    }

    @Test
    void anOverrideHostIsLookedForInTheWholeCluster() {
        LoadBalancer balancer =
                open(spec(VERSION), hosts(host(1, "version", "1"), host(2, "version", "2")));
        PickContext request =
                new PickContext() {
                    @Override
                    public Struct metadataMatch() {
                        return fields("version", "1");
                    }

                    @Override
                    public String overrideHost() {
                        return "127.0.0.1:2";
                    }
                };
        assertThat(port(balancer.pick(request))).isEqualTo(2);
        assertThat(counted).isEmpty();
    }

    @Test
    void aSelectorThatBeginsAnEarlierOneHasNoFallbackOfItsOwn() {
        SubsetSelector named =
                new SubsetSelector(List.of("stage"), SubsetFallback.ANY_ENDPOINT, List.of(), false);
        HostSet set = hosts(host(1, "version", "1"));
        assertThat(pick(open(spec(named), set), "stage", "prod")).isEqualTo(1);
        HostSet again = hosts(host(1, "version", "1"));
        assertThat(pick(open(spec(selector("stage", "version"), named), again), "stage", "prod"))
                .isEqualTo(-1);
    }
}

package dev.attache.proxy.upstream.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.FakeWorker;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BalancerTest {

    private static final Locality A = new Locality("r", "a", "");
    private static final Locality B = new Locality("r", "b", "");

    private final FakeWorker worker = new FakeWorker();
    private final Map<BalancerStats.Stat, Integer> counted = new HashMap<>();
    private HostSet local = HostSet.EMPTY;

    private static LoadBalancingSettings settings(LocalityMode mode, double panic, boolean fail) {
        LoadBalancingSettings d = LoadBalancingSettings.DEFAULTS;
        return new LoadBalancingSettings(
                panic,
                mode,
                100,
                6,
                fail,
                false,
                1000,
                false,
                false,
                false,
                0,
                d.overrideHostStatus());
    }

    private LoadBalancer open(
            LoadBalancerSpec spec, LoadBalancingSettings settings, HostSet hosts) {
        LoadBalancer balancer =
                spec.newBalancer(
                        new BalancerContext(
                                worker,
                                settings,
                                A,
                                () -> local,
                                new SharedTables(new StatsStore().scope("cluster.c."), 1),
                                stat -> counted.merge(stat, 1, Integer::sum)));
        balancer.hosts(hosts);
        return balancer;
    }

    private LoadBalancer open(LoadBalancerSpec spec, HostSet hosts) {
        return open(spec, LoadBalancingSettings.DEFAULTS, hosts);
    }

    private static Map<Integer, Integer> spread(LoadBalancer balancer, int picks) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(port(balancer.pick(PickContext.NONE)), 1, Integer::sum);
        }
        return counts;
    }

    private static int port(Pick pick) {
        return switch (pick) {
            case Host host -> ((dev.attache.proxy.address.IpAddress) host.address()).port();
            case Pick.None ignored -> -1;
            case Pick.Nowhere ignored -> -1;
            case Pick.Later ignored -> -1;
        };
    }

    @Test
    void roundRobinVisitsEveryHostInTurnFromARandomStart() {
        LoadBalancer balancer =
                open(RoundRobinSpec.DEFAULTS, HostSets.of(HostSets.weighted(1, 1, 1)));
        int first = port(balancer.pick(PickContext.NONE));
        List<Integer> next = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            next.add(port(balancer.pick(PickContext.NONE)));
        }
        int offset = first - 1000;
        for (int i = 0; i < 5; i++) {
            assertThat(next.get(i)).isEqualTo(1000 + (offset + 1 + i) % 3);
        }
    }

    @Test
    void roundRobinGoesOnWhereItWasWhenHostsChange() {
        LoadBalancer balancer =
                open(RoundRobinSpec.DEFAULTS, HostSets.of(HostSets.weighted(1, 1, 1, 1)));
        int before = port(balancer.pick(PickContext.NONE));
        balancer.hosts(HostSets.of(HostSets.weighted(1, 1, 1, 1)));
        assertThat(port(balancer.pick(PickContext.NONE))).isEqualTo(1000 + (before - 1000 + 1) % 4);
    }

    @Test
    void roundRobinFollowsWeightsExactly() {
        LoadBalancer balancer =
                open(RoundRobinSpec.DEFAULTS, HostSets.of(HostSets.weighted(1, 2, 7)));
        Map<Integer, Integer> counts = spread(balancer, 1000);
        assertThat(counts.get(1000)).isCloseTo(100, within(1));
        assertThat(counts.get(1001)).isCloseTo(200, within(1));
        assertThat(counts.get(1002)).isCloseTo(700, within(1));
    }

    @Test
    void leastRequestPrefersTheIdler() {
        HostSet hosts = HostSets.of(HostSets.weighted(1, 1));
        Host busy = hosts.hosts().get(0);
        for (int i = 0; i < 5; i++) {
            busy.cells(3).inc(HostCells.Stat.RQ_ACTIVE);
        }
        Map<Integer, Integer> counts = spread(open(LeastRequestSpec.DEFAULTS, hosts), 1000);
        // The busy one only when it is drawn twice: a quarter.
        assertThat(counts.get(1000)).isCloseTo(250, within(50));
        LeastRequestSpec scan = new LeastRequestSpec(2, 1, true, SlowStart.OFF);
        assertThat(spread(open(scan, hosts), 100)).containsOnlyKeys(1001);
    }

    @Test
    void leastRequestWithDifferentWeightsDividesByActiveRequests() {
        HostSet hosts = HostSets.of(HostSets.weighted(4, 2));
        Map<Integer, Integer> idle = spread(open(LeastRequestSpec.DEFAULTS, hosts), 600);
        assertThat(idle.get(1000)).isCloseTo(400, within(2));
        hosts.hosts().get(0).cells(0).inc(HostCells.Stat.RQ_ACTIVE);
        Map<Integer, Integer> even = spread(open(LeastRequestSpec.DEFAULTS, hosts), 600);
        assertThat(even.get(1000)).isCloseTo(300, within(2));
        LeastRequestSpec unbiased = new LeastRequestSpec(2, 0, false, SlowStart.OFF);
        assertThat(spread(open(unbiased, hosts), 600).get(1000)).isCloseTo(400, within(2));
    }

    @Test
    void randomDisregardsWeights() {
        Map<Integer, Integer> counts =
                spread(open(new RandomSpec(), HostSets.of(HostSets.weighted(1, 100))), 2000);
        assertThat(counts.get(1000)).isCloseTo(1000, within(120));
    }

    @Test
    void levelsGetTheirShare() {
        LoadBalancer balancer =
                open(
                        RoundRobinSpec.DEFAULTS,
                        HostSets.of(HostSets.level(0, 5, 0, 5), HostSets.level(1, 1, 0, 0)));
        int spilled = spread(balancer, 10_000).get(2000);
        assertThat(spilled).isCloseTo(3000, within(200));
    }

    @Test
    void panicUsesEveryHostOrNone() {
        HostSet hosts = HostSets.of(HostSets.level(0, 1, 0, 3));
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, hosts), 400))
                .containsOnlyKeys(1000, 1001, 1002, 1003);
        assertThat(counted).containsEntry(BalancerStats.Stat.LB_HEALTHY_PANIC, 400);
        LoadBalancingSettings failing = settings(LocalityMode.ZONE_AWARE, 50, true);
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, failing, hosts), 4)).containsOnlyKeys(-1);
        LoadBalancingSettings off = settings(LocalityMode.ZONE_AWARE, 0, false);
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, off, hosts), 4)).containsOnlyKeys(1000);
    }

    @Test
    void localitiesShareByEffectiveWeight() {
        HostSet hosts =
                HostSets.of(
                        HostSets.group(0, A, 1, 1000, 2, 0, 0),
                        // Half healthy: 2 * 1.4 * 0.5 = 1.4
                        HostSets.group(0, B, 2, 2000, 1, 0, 1));
        LoadBalancingSettings weighted = settings(LocalityMode.LOCALITY_WEIGHTED, 50, false);
        Map<Integer, Integer> counts = spread(open(RoundRobinSpec.DEFAULTS, weighted, hosts), 2400);
        assertThat(counts.get(2000)).isCloseTo(1400, within(3));
        assertThat(counts.get(1000)).isCloseTo(500, within(3));
        assertThat(counts.get(1001)).isCloseTo(500, within(3));
    }

    @Test
    void localitiesWithoutWeightGetNothing() {
        HostSet hosts =
                HostSets.of(
                        HostSets.group(0, A, 0, 1000, 2, 0, 0),
                        HostSets.group(0, B, 1, 2000, 1, 0, 0));
        LoadBalancingSettings weighted = settings(LocalityMode.LOCALITY_WEIGHTED, 50, false);
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, weighted, hosts), 10))
                .containsOnlyKeys(2000);
    }

    @Test
    void zoneRoutingKeepsWhatTheZoneCanTake() {
        // Proxies: 2 of 4 here; upstreams: 2 of 8 here. So 25/50 stay, the rest goes to zone b.
        local =
                HostSets.of(
                        A,
                        HostSets.group(0, A, 0, 100, 2, 0, 0),
                        HostSets.group(0, B, 0, 200, 2, 0, 0));
        HostSet hosts =
                HostSets.of(
                        A,
                        HostSets.group(0, A, 0, 1000, 2, 0, 0),
                        HostSets.group(0, B, 0, 2000, 6, 0, 0));
        Map<Integer, Integer> counts = spread(open(RoundRobinSpec.DEFAULTS, hosts), 4000);
        assertThat(counts.get(1000) + counts.get(1001)).isCloseTo(2000, within(150));
        // More capacity here than proxies: nothing leaves.
        local =
                HostSets.of(
                        A,
                        HostSets.group(0, A, 0, 100, 1, 0, 0),
                        HostSets.group(0, B, 0, 200, 3, 0, 0));
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, hosts), 100)).containsOnlyKeys(1000, 1001);
        assertThat(counted).containsKey(BalancerStats.Stat.LB_ZONE_ROUTING_ALL_DIRECTLY);
    }

    @Test
    void smallClustersDisregardZones() {
        local =
                HostSets.of(
                        A,
                        HostSets.group(0, A, 0, 100, 1, 0, 0),
                        HostSets.group(0, B, 0, 200, 1, 0, 0));
        HostSet hosts =
                HostSets.of(
                        A,
                        HostSets.group(0, A, 0, 1000, 2, 0, 0),
                        HostSets.group(0, B, 0, 2000, 3, 0, 0));
        assertThat(spread(open(RoundRobinSpec.DEFAULTS, hosts), 10)).hasSize(5);
        assertThat(counted).containsKey(BalancerStats.Stat.LB_ZONE_CLUSTER_TOO_SMALL);
    }

    @Test
    void overrideHostWinsWhileItsHealthAllows() {
        HostSet hosts = HostSets.of(HostSets.level(0, 3, 0, 1));
        LoadBalancer balancer = open(RoundRobinSpec.DEFAULTS, hosts);
        assertThat(port(balancer.pick(wanting("127.0.0.1:1002", false)))).isEqualTo(1002);
        assertThat(port(balancer.pick(wanting("127.0.0.1:1003", true)))).isEqualTo(-1);
        assertThat(port(balancer.pick(wanting("127.0.0.1:9", false)))).isBetween(1000, 1002);
    }

    private static PickContext wanting(String address, boolean strict) {
        return new PickContext() {
            @Override
            public String overrideHost() {
                return address;
            }

            @Override
            public boolean overrideHostStrict() {
                return strict;
            }
        };
    }

    @Test
    void refusedHostsArePickedAgainUntilTriesRunOut() {
        HostSet hosts = HostSets.of(HostSets.weighted(1, 1, 1));
        LoadBalancer balancer = open(RoundRobinSpec.DEFAULTS, hosts);
        Set<Host> refused = Set.of(hosts.hosts().get(0), hosts.hosts().get(1));
        for (int i = 0; i < 10; i++) {
            assertThat(port(balancer.pick(refusing(refused, 3)))).isEqualTo(1002);
        }
        assertThat(balancer.pick(refusing(Set.copyOf(hosts.hosts()), 2))).isInstanceOf(Host.class);
    }

    private static PickContext refusing(Set<Host> hosts, int retries) {
        return new PickContext() {
            @Override
            public boolean shouldSkip(Host host) {
                return hosts.contains(host);
            }

            @Override
            public int hostSelectionRetries() {
                return retries;
            }
        };
    }

    @Test
    void slowStartEasesNewHostsIn() {
        HostSet old = HostSets.of(HostSets.weighted(1));
        worker.advance(100_000);
        HostSet both =
                new HostSetAssembly(
                                old, null, worker.nanoTime(), HostSetAssembly.FirstCheck.UNCHECKED)
                        .addLiterals(LoadAssignment.of("c", List.of(HostSets.weighted(1, 1))))
                        .build(2);
        RoundRobinSpec spec = new RoundRobinSpec(new SlowStart(10_000, 1, 10));
        LoadBalancer balancer = open(spec, both);
        worker.advance(2_000);
        // A fifth of its weight: 1 : 0.2
        assertThat(spread(balancer, 1200).get(1001)).isCloseTo(200, within(20));
        worker.advance(10_000);
        spread(balancer, 10);
        assertThat(spread(balancer, 1000).get(1001)).isCloseTo(500, within(10));
    }

    @Test
    void noHostsNoPick() {
        for (LoadBalancerSpec spec :
                List.of(
                        RoundRobinSpec.DEFAULTS,
                        LeastRequestSpec.DEFAULTS,
                        new RandomSpec(),
                        RingHashSpec.DEFAULTS,
                        MaglevSpec.DEFAULTS)) {
            assertThat(open(spec, HostSet.EMPTY).pick(PickContext.NONE))
                    .isEqualTo(Pick.None.NO_HEALTHY_UPSTREAM);
            LocalityEndpoints none = HostSets.level(0, 0, 0, 0);
            assertThat(open(spec, HostSets.of(none)).pick(PickContext.NONE))
                    .isEqualTo(Pick.None.NO_HEALTHY_UPSTREAM);
        }
    }
}

package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Aggregate clusters over real sockets and a real loop. */
final class AggregateHostsIT extends ClusterCases {

    private void aggregate(String... members) throws Exception {
        add(
                ClusterSpec.named("all")
                        .discovery(new DiscoverySpec.Aggregate(List.of(members)))
                        .loadBalancer(new ClusterProvidedSpec())
                        .build());
    }

    private SharedCluster member(String name, int... ports) throws Exception {
        return add(ClusterSpec.named(name).endpoints(assignment(ports)).build());
    }

    private static String name(Http1Server server) {
        return Integer.toString(server.port());
    }

    private void fail(SharedCluster member, boolean failed) throws Exception {
        worker.call(() -> {
            for (Host host : member.hosts().hosts()) {
                host.set(Host.Flag.FAILED_ACTIVE_HC, failed);
            }
            member.healthChanged();
            return null;
        });
        // What changes within the merge window is one update.
        worker.await(
                "the worker knows",
                () -> {
                    Cluster adopted = clusters.cluster(member.spec().name());
                    return adopted != null && adopted.hosts() == member.hosts();
                });
    }

    private long total(String cluster) {
        return stats.counter("cluster." + cluster + ".upstream_rq_total").value();
    }

    @Test
    void theFirstMemberServesWhileItIsWell() throws Exception {
        Http1Server first = server();
        Http1Server second = server();
        SharedCluster one = member("one", first.port());
        member("two", second.port());
        aggregate("away", "one", "two");
        assertThat(get("all")).isEqualTo(name(first));
        fail(one, true);
        assertThat(get("all")).isEqualTo(name(second));
        fail(one, false);
        assertThat(get("all")).isEqualTo(name(first));
        assertThat(total("one")).isEqualTo(2);
        assertThat(total("two")).isEqualTo(1);
        assertThat(total("all")).isZero();
    }

    @Test
    void membersComeChangeAndGo() throws Exception {
        Http1Server first = server();
        Http1Server second = server();
        aggregate("one", "two");
        assertThat(get("all")).isEqualTo("NONE");
        member("two", second.port());
        assertThat(get("all")).isEqualTo(name(second));
        member("one", first.port());
        assertThat(get("all")).isEqualTo(name(first));
        add(ClusterSpec.named("one").endpoints(LoadAssignment.empty("one")).build());
        assertThat(get("all")).isEqualTo(name(second));
        member("one", first.port());
        assertThat(get("all")).isEqualTo(name(first));
        worker.call(() -> {
            clusters.remove("one");
            clusters.remove("two");
            return null;
        });
        assertThat(get("all")).isEqualTo("NONE");
    }

    /** Hosts of one address in two clusters are two hosts. */
    @Test
    void aHostIsOneOfItsCluster() throws Exception {
        Http1Server same = server();
        SharedCluster one = member("one", same.port());
        member("two", same.port());
        aggregate("one", "two");
        assertThat(get("all")).isEqualTo(name(same));
        fail(one, true);
        assertThat(get("all")).isEqualTo(name(same));
        assertThat(total("one")).isEqualTo(1);
        assertThat(total("two")).isEqualTo(1);
        worker.call(() -> {
            Cluster all = clusters.cluster("all");
            Host foreign = one.hosts().hosts().getFirst();
            assertThat(all).isNotNull();
            assertThatThrownBy(() -> all.of(foreign)).hasMessageContaining("was not picked here");
            return null;
        });
    }

    @Test
    void anAggregateHasNoHostsForAnother() throws Exception {
        member("one", server().port());
        aggregate("one", "all");
        add(
                ClusterSpec.named("outer")
                        .discovery(new DiscoverySpec.Aggregate(List.of("all")))
                        .loadBalancer(new ClusterProvidedSpec())
                        .build());
        assertThat(get("outer")).isEqualTo("NONE");
        assertThat(get("all")).isNotEqualTo("NONE");
    }

    /**
     * What retries leave out are levels of the whole, and hosts that filters name are not found.
     */
    @Test
    void contextsSeeTheLevelsOfTheWhole() throws Exception {
        Http1Server first = server();
        Http1Server second = server();
        member("one", first.port());
        member("two", second.port());
        aggregate("one", "two");
        worker.call(() -> {
            Cluster all = clusters.cluster("all");
            assertThat(all).isNotNull();
            Host tried = (Host) all.choose(PickContext.NONE);
            Host other = (Host) all.choose(without(tried));
            assertThat(other.address().toString()).endsWith(":" + second.port());
            assertThat(all.of(other)).isSameAs(clusters.cluster("two"));
            assertThat(all.choose(wanting(other.address().toString(), false))).isSameAs(tried);
            assertThat(all.choose(wanting(other.address().toString(), true)))
                    .isNotInstanceOf(Host.class);
            return null;
        });
    }

    private static PickContext without(Host tried) {
        return new PickContext() {
            @Override
            public boolean adjustPriorityLoad(
                    int[] loads,
                    int[] degradedLoads,
                    int[] health,
                    int[] degradedHealth,
                    ToIntFunction<Host> levels) {
                assertThat(health).containsExactly(100, 100);
                Arrays.fill(loads, 0);
                loads[1 - levels.applyAsInt(tried)] = 100;
                return true;
            }
        };
    }

    private static PickContext wanting(String host, boolean strict) {
        return new PickContext() {
            @Override
            public @Nullable String overrideHost() {
                return host;
            }

            @Override
            public boolean overrideHostStrict() {
                return strict;
            }
        };
    }

    @Test
    void aVersionOfTheAggregateWithOtherMembers() throws Exception {
        Http1Server first = server();
        Http1Server second = server();
        member("one", first.port());
        member("two", second.port());
        aggregate("one", "two");
        assertThat(get("all")).isEqualTo(name(first));
        aggregate("two", "one");
        assertThat(get("all")).isEqualTo(name(second));
        worker.call(() -> {
            clusters.retain(Map.of("all", "", "one", "").keySet());
            return null;
        });
        assertThat(get("all")).isEqualTo(name(first));
    }
}

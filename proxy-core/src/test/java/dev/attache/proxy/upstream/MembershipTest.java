package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.EndpointSpec.HealthCheckOverride;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Discovery on a main loop whose clock stands still, with a resolver that answers when told. */
final class MembershipTest {

    private static final class Question {
        private final String name;
        private final NameResolver.Callback callback;

        Question(String name, NameResolver.Callback callback) {
            this.name = name;
            this.callback = callback;
        }

        void answer(long ttl, String... addresses) throws Exception {
            List<NameResolver.Record> records = new ArrayList<>();
            for (String address : addresses) {
                records.add(new NameResolver.Record(InetAddress.getByName(address), ttl));
            }
            callback.onResolved(records);
        }
    }

    private final FakeWorker main = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final List<Question> questions = new ArrayList<>();
    private final List<HostSet> published = new ArrayList<>();
    private SharedCluster cluster;
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    main.eventLoop(),
                    1,
                    stats,
                    this::ask,
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (shared, hosts) -> published.add(hosts));

    private void ask(
            String name, LookupFamily family, DnsServers servers, NameResolver.Callback then) {
        questions.add(new Question(name, then));
    }

    @AfterEach
    void noQuestionFollowsTheEnd() {
        cluster.close();
        int asked = questions.size();
        main.advance(TimeUnit.HOURS.toMillis(1));
        assertThat(questions).hasSize(asked);
    }

    private static LoadAssignment names(String... names) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (String name : names) {
            endpoints.add(
                    new EndpointSpec(
                            new EndpointAddress.Named(name, 80),
                            List.of(),
                            "",
                            1,
                            HealthStatus.UNKNOWN,
                            Metadata.EMPTY,
                            Metadata.EMPTY,
                            HealthCheckOverride.NONE));
        }
        return LoadAssignment.of(
                "c",
                List.of(new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY)));
    }

    private void open(DiscoverySpec discovery, LoadAssignment endpoints) {
        cluster =
                SharedCluster.open(
                        ClusterSpec.named("c").discovery(discovery).endpoints(endpoints).build(),
                        environment,
                        null);
    }

    private List<String> addresses() {
        return cluster.hosts().hosts().stream().map(Host::toString).sorted().toList();
    }

    private long counter(String name) {
        return stats.counter("cluster.c." + name).value();
    }

    private Question last() {
        return questions.getLast();
    }

    private static DnsSpec dns(long refresh, boolean ttl, long base, long max) {
        return new DnsSpec(LookupFamily.AUTO, refresh, ttl, base, max, 0, DnsServers.SYSTEM);
    }

    @Test
    void strictDnsIsWarmWhenEveryNameIsKnownOrHasFailed() throws Exception {
        open(new DiscoverySpec.StrictDns(DnsSpec.DEFAULTS), names("a", "b"));
        assertThat(questions).extracting(q -> q.name).containsExactly("a", "b");
        questions.get(0).answer(0, "10.0.0.1", "10.0.0.2");
        assertThat(cluster.warm()).isFalse();
        assertThat(addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
        questions.get(1).callback.onFailed(new IOException("SERVFAIL"));
        assertThat(cluster.warm()).isTrue();
        assertThat(counter("update_failure")).isEqualTo(1);
        assertThat(counter("update_success")).isEqualTo(1);
        assertThat(cluster.hosts().hosts().getFirst().hostname()).isEqualTo("a");
    }

    @Test
    void strictDnsRefreshesAndKeepsHostsThatStay() throws Exception {
        open(new DiscoverySpec.StrictDns(dns(5000, false, 5000, 5000)), names("a"));
        last().answer(1, "10.0.0.1", "10.0.0.2");
        Host stays = cluster.hosts().hosts().getFirst();
        main.advance(4999);
        assertThat(questions).hasSize(1);
        main.advance(2);
        assertThat(questions).hasSize(2);
        int before = published.size();
        last().answer(1, "10.0.0.2", "10.0.0.1");
        assertThat(published).hasSize(before);
        assertThat(counter("update_no_rebuild")).isEqualTo(1);
        assertThat(counter("default.total_match_count")).isEqualTo(4);
        main.advance(5001);
        last().answer(1, "10.0.0.1", "10.0.0.3");
        assertThat(addresses()).containsExactly("10.0.0.1:80", "10.0.0.3:80");
        assertThat(cluster.hosts().hosts()).contains(stays);
        assertThat(counter("membership_change")).isEqualTo(2);
        // A failure changes nothing; an empty answer empties.
        main.advance(5001);
        last().callback.onFailed(new IOException("timeout"));
        assertThat(addresses()).hasSize(2);
        main.advance(5001);
        last().answer(1);
        assertThat(addresses()).isEmpty();
    }

    @Test
    void ttlRulesWhereItIsRespected() throws Exception {
        open(new DiscoverySpec.StrictDns(dns(5000, true, 5000, 5000)), names("a"));
        last().answer(60, "10.0.0.1");
        main.advance(59_000);
        assertThat(questions).hasSize(1);
        main.advance(1_001);
        assertThat(questions).hasSize(2);
        last().answer(0, "10.0.0.1");
        main.advance(5_001);
        assertThat(questions).hasSize(3);
    }

    @Test
    void failuresBackOffUpToTheirMaximum() {
        open(new DiscoverySpec.StrictDns(dns(60_000, false, 100, 1000)), names("a"));
        last().callback.onFailed(new IOException("timeout"));
        main.advance(101);
        assertThat(questions).hasSize(2);
        for (int i = 0; i < 10; i++) {
            last().callback.onFailed(new IOException("timeout"));
            int asked = questions.size();
            main.advance(1001);
            assertThat(questions).hasSize(asked + 1);
        }
    }

    @Test
    void logicalDnsMakesAnotherHostOfOtherAddresses() throws Exception {
        open(new DiscoverySpec.LogicalDns(DnsSpec.DEFAULTS), names("a"));
        assertThat(cluster.warm()).isFalse();
        last().answer(0, "10.0.0.1", "10.0.0.2");
        assertThat(cluster.warm()).isTrue();
        Host host = cluster.hosts().hosts().getFirst();
        assertThat(addresses()).containsExactly("10.0.0.1:80");
        assertThat(host.hostname()).isEqualTo("a");
        assertThat(host.additionalAddresses()).containsExactly(IpAddress.parse("10.0.0.2", 80));
        main.advance(5001);
        last().answer(0, "10.0.0.1", "10.0.0.2");
        assertThat(cluster.hosts().hosts()).containsExactly(host);
        main.advance(5001);
        last().answer(0, "10.0.0.1", "10.0.0.3");
        assertThat(addresses()).containsExactly("10.0.0.1:80");
        assertThat(cluster.hosts().hosts()).doesNotContain(host);
        main.advance(5001);
        last().answer(0, "10.0.0.9");
        assertThat(addresses()).containsExactly("10.0.0.9:80");
        assertThat(counter("membership_change")).isEqualTo(3);
        main.advance(5001);
        last().answer(0);
        assertThat(addresses()).containsExactly("10.0.0.9:80");
        assertThat(counter("update_failure")).isEqualTo(1);
    }

    @Test
    void edsForgetsWhatGoesStale() {
        open(new DiscoverySpec.Eds(""), LoadAssignment.empty("c"));
        assertThat(cluster.warm()).isFalse();
        LoadAssignment fresh =
                new LoadAssignment(
                        "c", List.of(HostSets.level(0, 2, 0, 0)), 140, false, 1000, List.of());
        cluster.assign(fresh);
        assertThat(addresses()).hasSize(2);
        main.advance(900);
        cluster.assign(fresh);
        assertThat(counter("default.total_match_count")).isEqualTo(4);
        main.advance(900);
        assertThat(addresses()).hasSize(2);
        main.advance(200);
        assertThat(addresses()).isEmpty();
        assertThat(counter("assignment_stale")).isEqualTo(1);
    }

    @Test
    void edsHealthAndPlaceFollowTheControlPlane() {
        open(new DiscoverySpec.Eds(""), LoadAssignment.empty("c"));
        cluster.assign(LoadAssignment.of("c", List.of(HostSets.level(0, 2, 0, 0))));
        Host host = cluster.hosts().hosts().getFirst();
        LocalityEndpoints sick = HostSets.group(1, new Locality("r", "z", ""), 3, 1000, 0, 1, 1);
        cluster.assign(LoadAssignment.of("c", List.of(sick)));
        assertThat(cluster.hosts().hosts()).contains(host);
        assertThat(host.priority()).isEqualTo(1);
        assertThat(host.locality().zone()).isEqualTo("z");
        assertThat(host.healthFlagsText()).isEqualTo("/degraded_eds_health");
        assertThat(cluster.hosts().priorities()).hasSize(2);
        assertThat(cluster.hosts().priorities().get(1).degraded()).containsExactly(host);
        assertThat(cluster.hosts().priorities().get(1).healthy()).isEmpty();
        assertThat(stats.gauge("cluster.c.membership_degraded").value()).isEqualTo(1);
    }

    @Test
    void staticIsWarmAtOnceEvenWithoutEndpoints() {
        open(new DiscoverySpec.Static(), LoadAssignment.empty("c"));
        assertThat(cluster.warm()).isTrue();
        assertThat(published).hasSize(1);
    }
}

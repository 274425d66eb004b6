package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.discovery.CachedName;
import dev.attache.proxy.upstream.discovery.DnsCache;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.discovery.NameWait;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import dev.attache.proxy.upstream.spec.DnsCacheSpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import dev.attache.proxy.upstream.spec.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cache of names, on a main loop whose clock stands still, with a resolver that the test is. */
final class DynamicNamesTest {

    private record Question(String name, NameResolver.Callback callback) {

        void answer(long ttl, String... addresses) throws Exception {
            List<NameResolver.Record> records = new ArrayList<>();
            for (String address : addresses) {
                records.add(new NameResolver.Record(InetAddress.getByName(address), ttl));
            }
            callback.onResolved(records);
        }
    }

    private static final DnsCacheSpec.Times TIMES =
            new DnsCacheSpec.Times(60_000, 5_000, 300_000, true, 1_000, 1_000, 5_000);

    private final FakeWorker main = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final List<Question> questions = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final DnsCaches caches =
            new DnsCaches(() ->
                    new DnsCaches.Surroundings(main.eventLoop(), this::ask, stats, main::nanoTime));
    private DnsCaches.@Nullable Lease lease;

    private void ask(
            String name, LookupFamily family, DnsServers servers, NameResolver.Callback then) {
        questions.add(new Question(name, then));
    }

    @AfterEach
    void nothingFollowsTheEnd() {
        if (lease != null) {
            lease.close();
        }
        main.run();
        int asked = questions.size();
        main.advance(TimeUnit.HOURS.toMillis(1));
        assertThat(questions).hasSize(asked);
    }

    private static DnsCacheSpec spec(DnsCacheSpec.Times times, int hosts, int pending) {
        return new DnsCacheSpec(
                "c",
                LookupFamily.V4_ONLY,
                DnsServers.SYSTEM,
                times,
                hosts,
                pending,
                List.of(),
                null);
    }

    private DnsCache open(DnsCacheSpec spec) {
        DnsCacheSlot slot = caches.slot(spec);
        assertThat(slot).isNotNull();
        DnsCaches.Lease taken = DnsCaches.lease(slot);
        lease = taken;
        main.run();
        return taken.cache();
    }

    private DnsCache open() {
        return open(spec(TIMES, 4, 4));
    }

    private NameWait load(DnsCache cache, String key) {
        cache.pending().enter();
        NameWait wait = cache.load(key, 80, main.eventLoop(), name -> heard.add(text(name)));
        main.run();
        return wait;
    }

    private static String text(CachedName name) {
        return name.key()
                + " "
                + (name.addresses().isEmpty() ? name.details() : name.addresses().toString());
    }

    private void answer(long ttl, String... addresses) throws Exception {
        questions.getLast().answer(ttl, addresses);
        main.run();
    }

    private long counter(String name) {
        return stats.counter("dns_cache.c." + name).value();
    }

    private long gauge(String name) {
        return stats.gauge("dns_cache.c." + name).value();
    }

    @Test
    void whoWaitsHearsOfTheSameAnswer() throws Exception {
        DnsCache cache = open();
        load(cache, "a.test:80");
        load(cache, "a.test:80");
        assertThat(questions).extracting(Question::name).containsExactly("a.test");
        assertThat(cache.get("a.test:80")).isNull();
        assertThat(gauge("circuit_breakers.rq_pending_remaining")).isEqualTo(2);
        answer(60, "10.0.0.1", "10.0.0.2");
        assertThat(heard)
                .containsExactly(
                        "a.test:80 [10.0.0.1:80, 10.0.0.2:80]",
                        "a.test:80 [10.0.0.1:80, 10.0.0.2:80]");
        assertThat(cache.get("a.test:80")).isNotNull();
        assertThat(gauge("circuit_breakers.rq_pending_remaining")).isEqualTo(4);
        assertThat(gauge("num_hosts")).isEqualTo(1);
    }

    @Test
    void whoGivesUpHearsNothingAndMakesRoom() throws Exception {
        DnsCache cache = open(spec(TIMES, 4, 1));
        NameWait wait = load(cache, "a.test:80");
        assertThat(cache.pending().hasRoom()).isFalse();
        assertThat(counter("dns_rq_pending_overflow")).isEqualTo(1);
        wait.cancel();
        wait.cancel();
        main.run();
        assertThat(cache.pending().hasRoom()).isTrue();
        answer(60, "10.0.0.1");
        assertThat(heard).isEmpty();
        assertThat(cache.get("a.test:80")).isNotNull();
    }

    @Test
    void whoWaitsWhenTheCacheGoesOrComesLaterHearsThatNothingIsKnown() {
        DnsCache cache = open();
        load(cache, "a.test:80");
        if (lease != null) {
            lease.close();
        }
        main.run();
        assertThat(heard).containsExactly("a.test:80 not_resolved");
        load(cache, "b.test:80");
        assertThat(heard).last().isEqualTo("b.test:80 not_resolved");
        assertThat(questions).hasSize(1);
    }

    @Test
    void aFullCacheSaysSo() throws Exception {
        DnsCache cache = open(spec(TIMES, 1, 4));
        load(cache, "a.test:80");
        assertThat(cache.isFull()).isTrue();
        assertThat(counter("host_overflow")).isEqualTo(1);
        answer(60, "10.0.0.1");
    }

    @Test
    void aNameIsAskedForAgainByItsTtlButNotSooner() throws Exception {
        DnsCache cache = open();
        load(cache, "a.test:80");
        answer(1, "10.0.0.1");
        main.advance(4_999);
        assertThat(questions).hasSize(1);
        main.advance(1);
        assertThat(questions).hasSize(2);
        answer(30);
        // An empty answer changes nothing.
        assertThat(text(known(cache, "a.test:80"))).isEqualTo("a.test:80 [10.0.0.1:80]");
        main.advance(60_000);
        assertThat(questions).hasSize(3);
        questions.getLast().callback().onFailed(new IOException("SERVFAIL"));
        assertThat(text(known(cache, "a.test:80"))).isEqualTo("a.test:80 [10.0.0.1:80]");
        main.advance(1_000);
        assertThat(questions).hasSize(4);
        assertThat(counter("host_address_changed")).isEqualTo(1);
    }

    private static CachedName known(DnsCache cache, String key) {
        CachedName name = cache.get(key);
        if (name == null) {
            throw new AssertionError(key + " is not known");
        }
        return name;
    }

    @Test
    void aNameThatNobodyUsesIsForgotten() throws Exception {
        DnsCache cache = open(spec(times(true, 20_000), 4, 4));
        load(cache, "a.test:80");
        load(cache, "b.test:80");
        questions.get(0).answer(15, "10.0.0.1");
        answer(15, "10.0.0.2");
        main.advance(15_000);
        known(cache, "a.test:80").touch(main.nanoTime());
        questions.get(2).answer(15, "10.0.0.1");
        questions.get(3).answer(15, "10.0.0.2");
        main.advance(15_000);
        assertThat(cache.get("b.test:80")).isNull();
        assertThat(cache.get("a.test:80")).isNotNull();
        assertThat(counter("host_removed")).isEqualTo(1);
        assertThat(gauge("num_hosts")).isEqualTo(1);
    }

    private static DnsCacheSpec.Times times(boolean refreshesFailures, long ttl) {
        return new DnsCacheSpec.Times(60_000, 5_000, ttl, refreshesFailures, 1_000, 1_000, 5_000);
    }

    @Test
    void silenceEndsByTheTimeoutAndWhatComesLaterDoesNotCount() throws Exception {
        DnsCache cache = open();
        load(cache, "a.test:80");
        main.advance(5_000);
        assertThat(heard).containsExactly("a.test:80 dns_resolution_failure{resolve_timeout}");
        assertThat(counter("dns_query_timeout")).isEqualTo(1);
        assertThat(counter("dns_query_failure")).isEqualTo(1);
        questions.getFirst().answer(60, "10.0.0.1");
        assertThat(known(cache, "a.test:80").addresses()).isEmpty();
    }

    @Test
    void withoutRefreshesAFailedNameIsAskedForByTheNextWhoWantsIt() throws Exception {
        DnsCache cache = open(spec(times(false, 300_000), 4, 4));
        load(cache, "a.test:80");
        questions.getLast().callback().onFailed(new IOException("SERVFAIL"));
        main.run();
        main.advance(10_000);
        assertThat(questions).hasSize(1);
        assertThat(cache.get("a.test:80")).isNull();
        load(cache, "a.test:80");
        assertThat(questions).hasSize(2);
        answer(60, "10.0.0.1");
        assertThat(heard).last().isEqualTo("a.test:80 [10.0.0.1:80]");
    }

    @Test
    void whatIsNoNameIsNotAskedFor() {
        DnsCache cache = open();
        load(cache, "a:b");
        assertThat(questions).isEmpty();
        assertThat(heard)
                .containsExactly(
                        "a:b dns_resolution_failure{cares_failure:Misformatted_domain_name}");
    }

    @Test
    void addressesThatAreFilteredOutDoNotCount() throws Exception {
        DnsCacheSpec all = spec(TIMES, 4, 4);
        DnsCache cache =
                open(
                        new DnsCacheSpec(
                                all.name(),
                                all.family(),
                                all.servers(),
                                all.times(),
                                4,
                                4,
                                List.of(new HostPort("early.test", 443)),
                                new DnsCacheSpec.AddressFilter(
                                        List.of(
                                                new CidrRange(
                                                        IpAddress.parse("10.0.0.0", 0).ip(), 8)),
                                        false)));
        assertThat(questions).extracting(Question::name).containsExactly("early.test");
        answer(60, "10.0.0.1", "11.0.0.1");
        assertThat(text(known(cache, "early.test:443"))).isEqualTo("early.test:443 [11.0.0.1:443]");
        load(cache, "a.test:80");
        answer(60, "10.0.0.1");
        assertThat(heard).containsExactly("a.test:80 dns_resolution_failure{address_denied}");
        assertThat(counter("dns_address_filter_out")).isEqualTo(2);
    }

    @Test
    void otherSettingsOfTheSameCacheAreRefusedWhileItIsInUse() {
        open();
        assertThat(caches.slot(spec(TIMES, 4, 4))).isNotNull();
        assertThat(caches.slot(spec(TIMES, 5, 4))).isNull();
        if (lease != null) {
            lease.close();
        }
        DnsCacheSlot other = caches.slot(spec(TIMES, 5, 4));
        assertThat(other).isNotNull();
        assertThat(caches.slot(spec(TIMES, 4, 4))).isNull();
    }

    @Test
    void aClusterHasAHostForEachNameWhichMovesWithIt() throws Exception {
        DnsCache cache = open();
        DnsCacheSlot slot = caches.slot(spec(TIMES, 4, 4));
        assertThat(slot).isNotNull();
        SharedCluster cluster =
                SharedCluster.open(
                        ClusterSpec.named("d").discovery(new DiscoverySpec.Dynamic(slot)).build(),
                        new ClusterEnvironment(
                                main.eventLoop(),
                                1,
                                stats,
                                this::ask,
                                Locality.NONE,
                                () -> HostSet.EMPTY,
                                (shared, hosts) -> heard.add("hosts " + hosts.size())),
                        null);
        assertThat(cluster.warm()).isTrue();
        load(cache, "a.test:80");
        answer(5, "10.0.0.1");
        load(cache, "b.test:80");
        answer(600, "10.0.0.1");
        // Workers have the hosts before they hear that they may go on.
        assertThat(heard)
                .containsExactly(
                        "hosts 1", "a.test:80 [10.0.0.1:80]", "hosts 2", "b.test:80 [10.0.0.1:80]");
        Host first = cluster.hosts().hosts().getFirst();
        assertThat(first.hostname()).isEqualTo("a.test:80");
        main.advance(5_000);
        answer(600, "10.0.0.9", "10.0.0.8");
        assertThat(cluster.hosts().hosts().getFirst()).isSameAs(first);
        assertThat(first.address()).hasToString("10.0.0.9:80");
        assertThat(first.additionalAddresses()).hasToString("[10.0.0.8:80]");
        main.advance(600_000);
        assertThat(cluster.hosts().hosts()).isEmpty();
        cluster.close();
    }
}

package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two priorities with two hosts each, a clock that stands still, and what workers are told. */
final class UpdateMergingTest {

    private final FakeWorker main = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final List<HostSet> told = new ArrayList<>();
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    main.eventLoop(),
                    1,
                    stats,
                    (name, family, servers, then) -> {},
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (shared, hosts) -> {});
    private long version;
    private HostSet hosts = HostSet.EMPTY;
    private UpdateMerging merging = merging(1000);

    private UpdateMerging merging(long window) {
        return new UpdateMerging(environment, window, () -> ++version, told::add);
    }

    private void begin() {
        hosts = named(HostSets.level(0, 2, 0, 0), HostSets.level(1, 2, 0, 0));
        merging.begin(hosts);
        told.clear();
    }

    private HostSet named(LocalityEndpoints... levels) {
        return new HostSetAssembly(hosts, Locality.NONE, 0, HostSetAssembly.FirstCheck.UNCHECKED)
                .addLiterals(LoadAssignment.of("c", List.of(levels)))
                .build(++version);
    }

    private Host host(int priority, int index) {
        return hosts.priorities().get(priority).hosts().get(index);
    }

    private void fail(int priority, int index) {
        host(priority, index).set(Host.Flag.FAILED_ACTIVE_HC, true);
        hosts = hosts.withCurrentHealth(++version);
        merging.update(hosts, true);
    }

    private int healthy(int priority) {
        return merging.delivered().priorities().get(priority).healthy().size();
    }

    private long counter(String name) {
        return stats.counter("cluster_manager." + name).value();
    }

    @Test
    void theFirstChangeIsToldAtOnceAndLaterOnesTogether() {
        begin();
        fail(0, 0);
        assertThat(healthy(0)).isEqualTo(1);
        assertThat(counter("cluster_updated")).isEqualTo(2);
        assertThat(counter("update_out_of_merge_window")).isEqualTo(2);
        main.advance(400);
        fail(0, 1);
        main.advance(400);
        fail(1, 0);
        assertThat(healthy(0)).isEqualTo(1);
        assertThat(healthy(1)).isEqualTo(2);
        assertThat(counter("cluster_updated_via_merge")).isZero();
        // A window after the first one that was held back.
        main.advance(601);
        assertThat(healthy(0)).isZero();
        assertThat(healthy(1)).isEqualTo(1);
        assertThat(merging.delivered().version()).isGreaterThanOrEqualTo(hosts.version());
        assertThat(counter("cluster_updated_via_merge")).isEqualTo(2);
        assertThat(counter("cluster_updated")).isEqualTo(2);
    }

    @Test
    void theWindowRunsFromTheLastThatWasTold() {
        begin();
        fail(0, 0);
        main.advance(1001);
        fail(0, 1);
        assertThat(healthy(0)).isZero();
        assertThat(counter("update_out_of_merge_window")).isEqualTo(4);
        main.advance(5000);
        assertThat(counter("cluster_updated_via_merge")).isZero();
    }

    @Test
    void anotherMemberIsToldAtOnceWithWhatWasHeldBackOfItsPriority() {
        begin();
        fail(0, 0);
        fail(0, 1);
        fail(1, 1);
        assertThat(healthy(0)).isEqualTo(1);
        hosts = named(HostSets.level(0, 3, 0, 0), HostSets.level(1, 2, 0, 0));
        merging.update(hosts, false);
        assertThat(merging.delivered().priorities().get(0).hosts()).hasSize(3);
        assertThat(healthy(0)).isEqualTo(1);
        assertThat(healthy(1)).isEqualTo(2);
        assertThat(counter("update_merge_cancelled")).isEqualTo(1);
        assertThat(counter("cluster_updated")).isEqualTo(3);
        main.advance(1001);
        assertThat(healthy(1)).isEqualTo(1);
        assertThat(counter("cluster_updated_via_merge")).isEqualTo(1);
    }

    @Test
    void workersLookAgainAtTheHostsTheyKnowWhenOneHasFailed() {
        begin();
        fail(0, 0);
        HostSet known = merging.delivered();
        told.clear();
        fail(0, 1);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst()).isSameAs(known);
    }

    @Test
    void whatDiscoverySaysIsToldAtOnceUnlessItSaysTheSameAgain() {
        begin();
        HostSet known = merging.delivered();
        hosts = named(HostSets.level(0, 2, 0, 0), HostSets.level(1, 2, 0, 0));
        merging.update(hosts, false);
        assertThat(merging.delivered()).isSameAs(known);
        assertThat(counter("cluster_updated")).isZero();
        hosts = named(HostSets.level(0, 1, 1, 0), HostSets.level(1, 2, 0, 0));
        merging.update(hosts, false);
        assertThat(healthy(0)).isEqualTo(1);
        assertThat(counter("cluster_updated")).isEqualTo(1);
        hosts = named(HostSets.level(0, 2, 0, 0), HostSets.level(1, 2, 0, 0));
        merging.update(hosts, false);
        assertThat(healthy(0)).isEqualTo(2);
    }

    @Test
    void nothingIsHeldBackWithoutAWindow() {
        merging = merging(0);
        begin();
        fail(0, 0);
        fail(0, 1);
        assertThat(merging.delivered()).isSameAs(hosts);
        assertThat(counter("cluster_updated")).isEqualTo(4);
        assertThat(counter("update_out_of_merge_window")).isZero();
    }

    @Test
    void whatIsHeldBackAtTheEndStaysUnsaid() {
        begin();
        fail(0, 0);
        fail(0, 1);
        merging.close();
        main.advance(5000);
        assertThat(healthy(0)).isEqualTo(1);
    }
}

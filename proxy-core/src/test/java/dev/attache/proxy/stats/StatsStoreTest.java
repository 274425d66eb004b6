package dev.attache.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsStoreTest {

    private final StatsStore store = new StatsStore();

    @Test
    void statsOfAPrefixLeaveWithItsLastHolderAndComeBackAtZero() {
        StatsStore.Hold serving = store.hold("cluster.a.");
        StatsStore.Hold draining = store.hold("cluster.a.");
        Scope scope = store.scope("cluster.a.");
        scope.counter("total").add(2);
        serving.close();
        serving.close();
        assertThat(store.counters()).extracting(Counter::value).containsExactly(2L);
        draining.close();
        assertThat(store.counters()).isEmpty();

        scope.scope("ssl.").counter("late").inc();
        assertThat(store.counters()).as("what is left of the old one is not seen").isEmpty();

        StatsStore.Hold again = store.hold("cluster.a.");
        store.scope("cluster.a.").counter("total").inc();
        assertThat(store.counters()).extracting(Counter::value).containsExactly(1L);
        assertThat(store.counter("cluster.a.total").value()).isEqualTo(1);
        again.close();
    }

    @Test
    void aPrefixWithinAPrefixIsItsOwn() {
        StatsStore.Hold outer = store.hold("cluster.a.");
        StatsStore.Hold inner = store.hold("cluster.a.b.");
        store.scope("cluster.a.").counter("x").inc();
        store.scope("cluster.a.b.").counter("x").inc();
        outer.close();
        assertThat(store.counters()).extracting(Counter::name).containsExactly("cluster.a.b.x");
        inner.close();
        assertThat(store.counters()).isEmpty();
    }

    @Test
    void aPrefixMayHaveAMatcherOfItsOwn() {
        StatsStore bounded = new StatsStore(name -> !name.endsWith("total"));
        StatsStore.Hold first = bounded.hold("cluster.a.", name -> name.endsWith("total"));
        bounded.scope("cluster.a.").counter("total").inc();
        bounded.scope("cluster.a.").counter("other").inc();
        bounded.counter("cluster.b.total").inc();
        assertThat(bounded.counters()).extracting(Counter::name).containsExactly("cluster.a.total");
        StatsStore.Hold second = bounded.hold("cluster.a.", name -> false);
        assertThat(bounded.counters()).isEmpty();
        first.close();
        second.close();
    }

    @Test
    void comingAndGoingLeavesNothingBehind() {
        for (int round = 0; round < 10_000; round++) {
            StatsStore.Hold hold = store.hold("cluster." + round + ".");
            store.scope("cluster." + round + ".").counter("x").inc();
            store.histogram("cluster." + round + ".time", Histogram.Unit.MILLISECONDS).record(1);
            hold.close();
        }
        assertThat(store.counters()).isEmpty();
        assertThat(store.histograms()).isEmpty();
        assertThat(store.departures()).isEqualTo(10_000);
    }

    @Test
    void theFirstExpiryFollowsWhatIsToldAndWhoLeaves() {
        assertThat(store.firstExpiry()).isEmpty();
        store.scope("listener.a.ssl.").expires("certificate.x", 300);
        StatsStore.Hold cluster = store.hold("cluster.a.");
        store.scope("cluster.a.ssl.").expires("certificate.y", 200);
        assertThat(store.firstExpiry()).hasValue(200);
        assertThat(store.gauge("cluster.a.ssl.certificate.y").value()).isEqualTo(200);

        store.scope("cluster.a.ssl.").expires("certificate.y", 400);
        assertThat(store.firstExpiry()).as("renewed").hasValue(300);
        store.scope("listener.a.ssl.").expires("certificate.x", 500);
        assertThat(store.firstExpiry()).hasValue(400);
        cluster.close();
        assertThat(store.firstExpiry()).as("with its cluster").hasValue(500);
    }

    @Test
    void whatNobodyUsesIsEvictedWhereItMayBe() {
        StatsStore.Hold hold = store.evictable("custom.");
        Scope scope = store.scope("custom.");
        StatLabels labels =
                StatLabels.joined(
                        List.of(
                                new StatLabels.Label("who", "a://b"),
                                new StatLabels.Label("what", "")));
        Cell busy = scope.counter("busy", labels).cell(0);
        scope.counter("idle", labels).cell(0).inc();
        scope.histogram("time", Histogram.Unit.MILLISECONDS, labels).cell(0).record(3);
        scope.gauge("level").set(7);
        store.counter("other.idle").inc();
        busy.inc();

        store.evictUnused();
        assertThat(store.evictions()).as("all were used").isZero();
        assertThat(store.countersInUse()).extracting(Counter::name).containsExactly("other.idle");
        assertThat(store.histogramsInUse()).as("not since").isEmpty();
        busy.inc();
        store.evictUnused();

        assertThat(store.evictions()).isEqualTo(1);
        assertThat(store.counters())
                .extracting(Counter::name)
                .containsExactlyInAnyOrder("custom.busy.who.a://b.what", "other.idle");
        assertThat(store.counter("custom.busy.who.a://b.what").value()).isEqualTo(2);
        assertThat(store.histograms()).isEmpty();
        assertThat(store.gauges()).isEmpty();
        assertThat(store.labels("custom.idle.who.a://b.what")).isEqualTo(StatLabels.NONE);
        assertThat(store.labels("custom.busy.who.a://b.what")).isEqualTo(labels);
        assertThat(scope.size()).isEqualTo(1);
        hold.close();
    }

    @Test
    void aHistogramInUseIsNotEvicted() {
        StatsStore.Hold hold = store.evictable("custom.");
        HistogramCell time = store.histogram("custom.time", Histogram.Unit.MILLISECONDS).cell(0);
        time.record(1);
        store.evictUnused();
        time.record(2);
        store.evictUnused();
        assertThat(store.histograms()).singleElement().matches(h -> h.cumulative().count() == 2);
        store.evictUnused();
        assertThat(store.histograms()).isEmpty();
        hold.close();
    }

    @Test
    void whatTheMatcherHidesExpiresAllTheSame() {
        StatsStore hiding = new StatsStore(name -> !name.contains("certificate"));
        hiding.scope("cluster.a.ssl.").expires("certificate.y", 200);
        assertThat(hiding.gauges()).isEmpty();
        assertThat(hiding.firstExpiry()).hasValue(200);
    }

    @Test
    void whatIsInUseIsFoundByThePrefixOfItsNameWhoeverHoldsIt() {
        StatsStore store = new StatsStore();
        StatsStore.Hold one = store.hold("http.one.");
        StatsStore.Hold cluster = store.hold("cluster.a.");
        store.counter("http.one.total").inc();
        store.counter("http.two.total").inc();
        store.counter("http.two.idle");
        store.counter("cluster.a.total").inc();
        store.gauge("overload.heap.pressure").set(3);
        assertThat(store.countersInUse("http."))
                .extracting(Counter::name)
                .containsExactlyInAnyOrder("http.one.total", "http.two.total");
        assertThat(store.countersInUse("cluster.a.t"))
                .extracting(Counter::name)
                .containsExactly("cluster.a.total");
        assertThat(store.gaugesInUse("overload."))
                .extracting(Gauge::name)
                .containsExactly("overload.heap.pressure");
        assertThat(store.gaugesInUse("http.")).isEmpty();
        one.close();
        cluster.close();
    }
}

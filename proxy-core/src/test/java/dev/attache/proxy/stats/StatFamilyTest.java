package dev.attache.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatFamilyTest {

    private static final StatFamily FAMILY =
            StatFamily.builder()
                    .counters("total", "failed")
                    .gauges("active")
                    .histogram("time", Histogram.Unit.MILLISECONDS)
                    .textReadouts("version")
                    .build();

    private final StatsStore store = new StatsStore(name -> !name.endsWith("failed"));

    @Test
    void aDeclaredFamilyIsListedWithZerosThatNobodyKeeps() {
        store.scope("cluster.a.").declare(FAMILY);
        assertThat(store.counters()).extracting(Counter::name).containsExactly("cluster.a.total");
        assertThat(store.counters()).noneMatch(Counter::used);
        assertThat(store.gauges()).extracting(Gauge::name).containsExactly("cluster.a.active");
        assertThat(store.histograms())
                .extracting(Histogram::unit)
                .containsExactly(Histogram.Unit.MILLISECONDS);
        assertThat(store.textReadouts()).hasSize(1);
    }

    @Test
    void whatCountsTakesThePlaceOfItsZero() {
        store.scope("cluster.a.").declare(FAMILY);
        store.scope("cluster.a.").declare(FAMILY);
        store.counter("cluster.a.total").add(3);
        List<Counter> listed = List.copyOf(store.counters());
        assertThat(listed).hasSize(1);
        assertThat(listed.getFirst().value()).isEqualTo(3);
    }

    @Test
    void namesGoWithTheirScope() {
        StatsStore.Hold a = store.hold("cluster.a.");
        store.scope("cluster.a.").declare(FAMILY);
        store.scope("cluster.b.").declare(FAMILY);
        a.close();
        assertThat(store.gauges()).extracting(Gauge::name).containsExactly("cluster.b.active");
    }
}

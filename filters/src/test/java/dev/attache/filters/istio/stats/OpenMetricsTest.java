package dev.attache.filters.istio.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.StatsStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Metrics of one chain: bounded, evicted, and gone with the last filter. */
final class OpenMetricsTest {
    private final StatsStore store = new StatsStore();
    private final IstioStatsSettings settings =
            new IstioStatsSettings(
                    Reporter.SOURCE,
                    true,
                    0,
                    new MetricPlanBuilder(text -> null).build(),
                    NodeLabels.of(MetadataValue.EMPTY_STRUCT));

    private static void count(OpenMetrics metrics, int from, int to) {
        @Nullable String[] values = metrics.values();
        for (int i = from; i < to; i++) {
            StandardLabel.DESTINATION_SERVICE.set(values, Integer.toString(i));
            metrics.series(values).add(StandardMetric.REQUESTS_TOTAL, 1, metrics);
        }
    }

    @Test
    void clientsThatNameMoreAndMoreServicesDoNotFillTheHeap() {
        OpenMetrics metrics = new OpenMetrics(settings, store, 0);
        OpenMetrics other = new OpenMetrics(settings, store, 1);
        count(metrics, 0, OpenMetrics.MOST_METRICS - 1);
        count(other, OpenMetrics.MOST_METRICS, OpenMetrics.MOST_METRICS + 10);
        assertThat(store.counters()).hasSize(OpenMetrics.MOST_METRICS);
        count(metrics, 0, 10);
        assertThat(store.counters()).hasSize(OpenMetrics.MOST_METRICS);

        store.evictUnused();
        count(metrics, 0, 5);
        store.evictUnused();
        assertThat(store.counters()).as("those in use").hasSize(5);
        count(other, 7, 9);
        assertThat(store.counters()).as("there is room again").hasSize(7);
        metrics.close();
        other.close();
        assertThat(store.counters()).isEmpty();
        assertThat(store.gauges()).isEmpty();
    }

    @Test
    void clientsThatNameServicesAtLengthDoNotFillTheHeapEither() {
        OpenMetrics metrics = new OpenMetrics(settings, store, 0);
        @Nullable String[] values = metrics.values();
        String name = "x".repeat(OpenMetrics.LONGEST - 100);
        StandardLabel.DESTINATION_SERVICE.set(values, name + "y".repeat(100));
        metrics.series(values).add(StandardMetric.REQUESTS_TOTAL, 1, metrics);
        assertThat(store.counters()).as("longer than any").isEmpty();

        int most = (int) (OpenMetrics.MOST_TEXT / OpenMetrics.LONGEST);
        for (int i = 0; i < 2 * most; i++) {
            StandardLabel.DESTINATION_SERVICE.set(values, name + i);
            metrics.series(values).add(StandardMetric.REQUESTS_TOTAL, 1, metrics);
        }
        assertThat(store.counters()).hasSizeBetween(most, most + most / 50);
        assertThat(store.scope("istiocustom.").labelledText())
                .isLessThanOrEqualTo(OpenMetrics.MOST_TEXT + OpenMetrics.LONGEST);

        store.evictUnused();
        store.evictUnused();
        assertThat(store.counters()).isEmpty();
        assertThat(store.scope("istiocustom.").labelledText()).isZero();
        metrics.close();
    }

    /** Else a scrape would show each of its bytes as a character. */
    @Test
    void labelsBeyondAsciiAreCharacters() {
        OpenMetrics metrics = new OpenMetrics(settings, store, 0);
        @Nullable String[] values = metrics.values();
        StandardLabel.DESTINATION_SERVICE.set(values, "z\u00c3\u00bcrich");
        StandardLabel.DESTINATION_APP.set(values, "\u00ff");
        metrics.series(values).add(StandardMetric.REQUESTS_TOTAL, 1, metrics);
        assertThat(StatsLab.labels(store, "istio_requests_total"))
                .isEqualTo(
                        StatsLab.map(
                                "destination_app", "\ufffd", "destination_service", "z\u00fcrich"));
        metrics.close();
    }

    @Test
    void aProxyThatDoesNotKnowItsVersionSaysSo() {
        OpenMetrics metrics = new OpenMetrics(settings, store, 0);
        assertThat(StatsLab.labels(store, "istio_build"))
                .isEqualTo(StatsLab.map("component", "proxy", "tag", "unknown"));
        metrics.close();
    }
}

package dev.attache.filters.stat_sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.stat_sinks.StatsdLines.Tags;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.DefaultTags;
import dev.attache.proxy.stats.tags.TagExtraction;
import org.junit.jupiter.api.Test;

/** Lines as Envoy writes them. */
final class StatsdLinesTest {

    private final StatsStore store = new StatsStore();

    private StatsdLines lines(String prefix, Tags form, boolean millis) {
        return new StatsdLines(prefix, form, millis, store, new TagExtraction(DefaultTags.RULES));
    }

    @Test
    void tagsStandBehindTheValueOrTheName() {
        var counter = store.counter("cluster.up.upstream_rq_200");
        assertThat(lines("", Tags.NONE, false).counter(counter, 3))
                .isEqualTo("envoy.cluster.up.upstream_rq_200:3|c");
        assertThat(lines("p", Tags.DOG_STATSD, false).counter(counter, 3))
                .isEqualTo(
                        "p.cluster.upstream_rq:3|c|#envoy.response_code:200,envoy.cluster_name:up");
        assertThat(lines("", Tags.GRAPHITE, false).gauge(store.gauge("http.h.active"), 1))
                .isEqualTo("envoy.http.active;envoy.http_conn_manager_prefix=h:1|g");
    }

    @Test
    void samplesAreTimesUnlessTheyAreShares() {
        var share = store.histogram("share", Histogram.Unit.PERCENT);
        var micros = store.histogram("micros", Histogram.Unit.MICROSECONDS);
        var plain = store.histogram("plain", Histogram.Unit.UNSPECIFIED);
        StatsdLines raw = lines("", Tags.NONE, false);
        StatsdLines scaled = lines("", Tags.NONE, true);
        assertThat(raw.sample(share, 500_000)).isEqualTo("envoy.share:0.5|h");
        assertThat(raw.sample(micros, 1500)).isEqualTo("envoy.micros:1500|ms");
        assertThat(scaled.sample(micros, 1500)).isEqualTo("envoy.micros:1.5|ms");
        assertThat(scaled.sample(plain, 1500)).isEqualTo("envoy.plain:1500|ms");
    }

    @Test
    void aHistogramThatComesBackIsTakenApartAnew() {
        StatsdLines lines = lines("", Tags.DOG_STATSD, false);
        for (int i = 0; i < 2; i++) {
            StatsStore.Hold hold = store.hold("cluster.up.");
            var time = store.histogram("cluster.up.time", Histogram.Unit.MILLISECONDS);
            for (int value = 1; value < 3; value++) {
                assertThat(lines.sample(time, value))
                        .isEqualTo("envoy.cluster.time:" + value + "|ms|#envoy.cluster_name:up");
            }
            assertThat(lines.known()).isEqualTo(1);
            hold.close();
        }
        lines.sample(store.histogram("other", Histogram.Unit.MILLISECONDS), 1);
        assertThat(lines.known()).isEqualTo(1);
    }

    @Test
    void histogramsThatAreEvictedAreForgotten() {
        StatsdLines lines = lines("", Tags.NONE, false);
        StatsStore.Hold hold = store.evictable("custom.");
        for (int i = 0; i < 3; i++) {
            var time = store.histogram("custom.time" + i, Histogram.Unit.MILLISECONDS);
            time.cell(0).record(1);
            lines.sample(time, 1);
            store.evictUnused();
            store.evictUnused();
        }
        lines.sample(store.histogram("other", Histogram.Unit.MILLISECONDS), 1);
        assertThat(lines.known()).isEqualTo(1);
        hold.close();
    }
}

package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatsStore;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JsonPageTest {

    private static String text(JsonPage page) {
        byte[] bytes = Objects.requireNonNull(page.answer().body().next());
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void separatesWhatStandsOnOneLevel() {
        JsonPage page = new JsonPage().begin('{').field("a", 1).field("b", "x\"y").key("c");
        page.begin('[').begin('{').field("d", true).end('}').begin('{').end('}').end(']');
        page.field("e", (String) null).end('}');
        assertThat(text(page))
                .isEqualTo("{\"a\":1,\"b\":\"x\\\"y\",\"c\":[{\"d\":true},{}],\"e\":null}\n");
    }

    @Test
    void binsAreBoundWidthAndCount() {
        StatsStore stats = new StatsStore();
        Histogram times = stats.histogram("t", Histogram.Unit.MILLISECONDS);
        times.record(12);
        times.record(12);
        times.record(340);
        JsonPage page = new JsonPage().begin('{');
        page.field("t", new StatReader(stats, "").bins("t")).end('}');
        assertThat(text(page)).isEqualTo("{\"t\":[[12.0,1.0,2],[340.0,10.0,1]]}\n");
    }

    @Test
    void whatNobodyCountedIsZeroAndStaysUnlisted() {
        StatsStore stats = new StatsStore();
        StatReader reader = new StatReader(stats, "cluster.a:b.");
        assertThat(reader.counter("x") + reader.gauge("x") + reader.bins("x").count()).isZero();
        assertThat(stats.counters()).isEmpty();
        assertThat(stats.gauges()).isEmpty();
        assertThat(stats.histograms()).isEmpty();
        stats.gauge("cluster.a_b.x").set(7);
        stats.counter("cluster.a_b.x").add(8);
        assertThat(reader.gauge("x")).isEqualTo(7);
        assertThat(reader.counter("x")).isEqualTo(8);
    }
}

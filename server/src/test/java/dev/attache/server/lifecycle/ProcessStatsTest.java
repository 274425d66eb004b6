package dev.attache.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import org.junit.jupiter.api.Test;

final class ProcessStatsTest {

    @Test
    void tellsWhatTheProcessTakes() throws Exception {
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml("node: {id: a, cluster: b}")
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            server.serverStats().update();
            StatsStore stats = server.stats();
            assertThat(stats.counter("server.process.cpu_time_ms").value()).isPositive();
            assertThat(stats.gauge("server.process.resident_memory").value())
                    .isGreaterThan(16L << 20);
            long open = stats.gauge("server.process.open_files").value();
            assertThat(open).isPositive();
            assertThat(stats.gauge("server.process.max_files").value()).isGreaterThan(open);
            assertThat(stats.gauge("server.jvm.heap_max").value())
                    .isEqualTo(Runtime.getRuntime().maxMemory());
            assertThat(stats.gauge("server.jvm.threads").value()).isGreaterThan(3);
            assertThat(stats.gauge("overload.worker_heap.budget").value()).isPositive();
            assertThat(stats.gauge("overload.worker_direct.budget").value()).isPositive();
            assertThat(stats.counters())
                    .extracting("name")
                    .contains("overload.worker_heap.shed_count", "server.jvm.collections");
        }
    }

    /** A counter grows by what was taken since the last time, however often it is asked. */
    @Test
    void countsEachCollectionOnce() throws Exception {
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml("node: {id: a, cluster: b}")
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            server.serverStats().update();
            long first = server.stats().counter("server.jvm.collections").value();
            server.serverStats().update();
            System.gc();
            server.serverStats().update();
            server.serverStats().update();
            assertThat(server.stats().counter("server.jvm.collections").value())
                    .isBetween(first + 1, first + 20);
        }
    }
}

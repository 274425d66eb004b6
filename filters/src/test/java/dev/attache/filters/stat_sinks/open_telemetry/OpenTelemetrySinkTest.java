package dev.attache.filters.stat_sinks.open_telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.wire.HeldCalls;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.sink.StatsSnapshot.Counted;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a collector that never answers may hold. */
final class OpenTelemetrySinkTest {

    private final TestWorker worker = new TestWorker(1);
    private final StatsStore stats = new StatsStore();
    private final HeldCalls calls = new HeldCalls();
    private final OpenTelemetrySink sink =
            new OpenTelemetrySink(
                    new StatsSinkScope(
                            stats,
                            List.of(worker),
                            worker,
                            calls,
                            new TagExtraction(List.of()),
                            new HistogramBuckets(List.of())),
                    new OtlpMetrics(true, false, false, false, "", new byte[0], 0),
                    GrpcService.of("collector", 0),
                    null);

    private void flush(int times) {
        for (int i = 0; i < times; i++) {
            sink.flush(
                    new StatsSnapshot(
                            1,
                            0,
                            List.of(new Counted(stats.counter("a"), 1)),
                            List.of(),
                            List.of()));
        }
        worker.settle();
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void oneThatNeverAnswersIsAskedNoMore() {
        flush(100);
        assertThat(calls.made).hasSize(32);
        calls.made.getFirst().fail();
        worker.settle();
        flush(1);
        assertThat(calls.made).hasSize(33);
        flush(5);
        assertThat(calls.made).hasSize(33);
    }
}

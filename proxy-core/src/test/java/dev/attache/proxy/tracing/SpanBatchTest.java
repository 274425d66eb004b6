package dev.attache.proxy.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.FakeWorker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpanBatchTest {

    private final FakeWorker worker = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final List<List<String>> sent = new ArrayList<>();

    private SpanBatch<String> batch(int spans, int most) {
        return new SpanBatch<>(
                new SpanBatch.Limits(spans, most, 5_000),
                worker,
                stats.counter("timer_flushed").cell(0),
                stats.counter("dropped").cell(0),
                sent::add);
    }

    @Test
    void enoughSpansGoAtOnce() {
        SpanBatch<String> batch = batch(2, 10);
        batch.add("a");
        assertThat(sent).isEmpty();
        batch.add("b");
        batch.add("c");
        assertThat(sent).containsExactly(List.of("a", "b"));
        batch.close();
        assertThat(worker.timers().pending()).isZero();
    }

    @Test
    void theOthersGoWhenTheIntervalIsOver() {
        SpanBatch<String> batch = batch(5, 10);
        batch.add("a");
        worker.advance(5_100);
        assertThat(sent).containsExactly(List.of("a"));
        worker.advance(5_100);
        assertThat(sent).hasSize(1);
        assertThat(stats.counter("timer_flushed").value()).isEqualTo(2);
        batch.close();
    }

    @Test
    void whatFindsNoPlaceIsCounted() {
        SpanBatch<String> batch = batch(100, 2);
        List.of("a", "b", "c", "d").forEach(batch::add);
        assertThat(stats.counter("dropped").value()).isEqualTo(2);
        batch.close();
        assertThat(sent).containsExactly(List.of("a", "b"));
    }

    @Test
    void aClosedBatchKeepsNothing() {
        SpanBatch<String> batch = batch(5, 10);
        batch.add("a");
        batch.close();
        batch.add("late");
        assertThat(sent).containsExactly(List.of("a"), List.of("late"));
    }
}

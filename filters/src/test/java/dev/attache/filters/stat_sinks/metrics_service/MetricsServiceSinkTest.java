package dev.attache.filters.stat_sinks.metrics_service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.attache.filters.wire.HeldCalls;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.sink.StatsSnapshot.Counted;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flush goes out whole, or what it would have told goes with a later one. */
final class MetricsServiceSinkTest {

    private static final int FRAME_HEAD = 5;

    private final TestWorker worker = new TestWorker(1);
    private final StatsStore stats = new StatsStore();
    private final HeldCalls calls = new HeldCalls();
    private final List<Counter> counters =
            List.of(stats.counter("a"), stats.counter("b"), stats.counter("c"));
    private final MetricsServiceSink sink =
            new MetricsServiceSink(
                    new StatsSinkScope(
                            stats,
                            List.of(worker),
                            worker,
                            calls,
                            new TagExtraction(List.of()),
                            new HistogramBuckets(List.of())),
                    GrpcService.of("metrics", 0),
                    new MetricFamilies(true, false, true, true),
                    1,
                    new byte[0]);

    private void flush(long delta) {
        sink.flush(
                new StatsSnapshot(
                        1,
                        0,
                        counters.stream().map(each -> new Counted(each, delta)).toList(),
                        List.of(),
                        List.of()));
        worker.settle();
    }

    /**
     * The value of the first counter of each message: {@code envoy_metrics.metric.counter.value}.
     */
    private static List<Double> told(HeldCalls.Held call) {
        return call.sent.stream()
                .map(frame -> ByteString.copyFrom(frame, FRAME_HEAD, frame.length - FRAME_HEAD))
                .map(message -> field(field(field(message, 2), 4), 3))
                .map(counter -> fields(counter).getField(1).getFixed64List().getFirst())
                .map(Double::longBitsToDouble)
                .toList();
    }

    private static ByteString field(ByteString message, int number) {
        return fields(message).getField(number).getLengthDelimitedList().getFirst();
    }

    private static UnknownFieldSet fields(ByteString message) {
        try {
            return UnknownFieldSet.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void growthThatCouldNotBeToldIsToldLater() {
        flush(1);
        HeldCalls.Held call = calls.made.getFirst();
        assertThat(told(call)).containsExactly(1.0, 1.0, 1.0);
        call.fill();
        flush(2);
        flush(3);
        assertThat(call.sent).hasSize(3);
        call.drain();
        flush(4);
        assertThat(told(call).subList(3, 6)).containsExactly(9.0, 9.0, 9.0);
        flush(5);
        assertThat(told(call).subList(6, 9)).containsExactly(5.0, 5.0, 5.0);
    }

    @Test
    void aStreamThatEndedWhileItWasFullHoldsNobodyUp() {
        flush(1);
        calls.made.getFirst().fill();
        flush(2);
        calls.made.getFirst().fail();
        flush(3);
        assertThat(told(calls.made.getLast())).containsExactly(5.0, 5.0, 5.0);
    }

    @Test
    void aStreamThatNobodyReadsIsGivenUpAtTheEnd() {
        flush(1);
        calls.made.getFirst().fill();
        sink.close();
        worker.settle();
        assertThat(calls.made.getFirst().ended).isTrue();
        worker.advance(6_000);
        assertThat(calls.made.getFirst().cancelled).isTrue();
    }
}

package dev.attache.filters.tracers.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.wire.HeldCalls;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.testkit.filter.proxy.TestWorker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of segments while the collector is away, or does not read. */
final class SegmentStreamTest {

    private static final int MOST = 3;

    private final TestWorker worker = new TestWorker(1);
    private final StatsStore stats = new StatsStore();
    private final HeldCalls calls = new HeldCalls();
    private final SegmentStream stream =
            new SegmentStream(
                    GrpcService.of("collector", 0),
                    MOST,
                    worker,
                    calls,
                    stats.scope("tracing.skywalking."));
    private final List<ByteBuf> segments = new ArrayList<>();

    @AfterEach
    void nothingIsHeld() {
        stream.close();
        worker.advance(60_000);
        assertThat(worker.timers().pending()).isZero();
        assertThat(segments).allMatch(segment -> segment.refCnt() == 0);
        worker.close();
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            ByteBuf segment = Unpooled.buffer().writeByte(i);
            segments.add(segment);
            stream.send(segment);
        }
    }

    private long counted(String name) {
        return stats.counter("tracing.skywalking." + name).value();
    }

    @Test
    void theOldestGoWhileItIsAway() {
        stream.open();
        calls.made.getFirst().fail();
        send(5);
        assertThat(counted("segments_dropped")).isEqualTo(2);
        worker.advance(1_000);
        assertThat(calls.made).hasSize(2);
        assertThat(calls.made.getLast().sent).hasSize(MOST);
        assertThat(counted("segments_flushed")).isEqualTo(MOST);
        assertThat(counted("cache_flushed")).isEqualTo(1);
    }

    @Test
    void theOldestGoWhileItDoesNotRead() {
        stream.open();
        send(1);
        calls.made.getFirst().fill();
        send(5);
        assertThat(calls.made.getFirst().sent).hasSize(1);
        assertThat(counted("segments_dropped")).isEqualTo(2);
        calls.made.getFirst().drain();
        assertThat(calls.made.getFirst().sent).hasSize(1 + MOST);
        assertThat(counted("segments_sent")).isEqualTo(1 + MOST);
    }

    @Test
    void aNewStreamIsNotFilledBeyondItsRoom() {
        stream.open();
        calls.made.getFirst().fail();
        send(2);
        calls.full = true;
        worker.advance(1_000);
        assertThat(calls.made.getLast().sent).isEmpty();
        calls.made.getLast().drain();
        assertThat(calls.made.getLast().sent).hasSize(2);
    }

    @Test
    void whatWaitsAtTheEndIsCountedAndTheStreamGivenUp() {
        stream.open();
        calls.made.getFirst().fill();
        send(2);
        stream.close();
        send(1);
        assertThat(counted("segments_dropped")).isEqualTo(3);
        assertThat(calls.made.getFirst().ended).isTrue();
        assertThat(calls.made.getFirst().cancelled).isFalse();
        worker.advance(6_000);
        assertThat(calls.made.getFirst().cancelled).isTrue();
    }
}

package dev.attache.filters.stat_sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a worker that records a value sees of the sockets: nothing. */
final class UdpStatsdSinkTest {

    private final StatsStore stats = new StatsStore();
    private final StatsdLines lines =
            new StatsdLines("", StatsdLines.Tags.NONE, false, stats, new TagExtraction(List.of()));
    private final Histogram histogram = stats.histogram("h", Histogram.Unit.MILLISECONDS);

    @Test
    void aSocketThatCannotBeHadIsAskedForAgainAWhileLater() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean there = new AtomicBoolean();
        try (DatagramChannel reader = DatagramChannel.open()) {
            reader.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            reader.configureBlocking(false);
            InetSocketAddress to = (InetSocketAddress) reader.getLocalAddress();
            try (UdpStatsdSink sink =
                    new UdpStatsdSink(
                            lines,
                            to,
                            0,
                            () -> {
                                asked.incrementAndGet();
                                if (!there.get()) {
                                    throw new IOException("too many open files");
                                }
                                return DatagramChannel.open();
                            })) {
                sink.samples().onSample(histogram, 1);
                sink.samples().onSample(histogram, 2);
                assertThat(asked.get()).isEqualTo(1);
                there.set(true);
                ByteBuffer got = ByteBuffer.allocate(100);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                while (got.position() == 0 && System.nanoTime() < deadline) {
                    sink.samples().onSample(histogram, 3);
                    reader.receive(got);
                }
                assertThat(new String(got.array(), 0, got.position(), StandardCharsets.UTF_8))
                        .isEqualTo("envoy.h:3|ms");
                assertThat(asked.get()).isEqualTo(2);
            }
        }
    }
}

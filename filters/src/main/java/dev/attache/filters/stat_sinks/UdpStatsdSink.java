package dev.attache.filters.stat_sinks;

import dev.attache.proxy.sink.StatsSink;
import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.SampleListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of statsd as datagrams: counters and gauges at each flush, values of histograms when they
 * are recorded, on the thread that records them. What the kernel does not take is lost, as in
 * Envoy. Any thread; each sends on a socket of its own.
 */
public final class UdpStatsdSink implements StatsSink {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    /** Before a thread that has no socket asks for one again. */
    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final StatsdLines lines;
    private final InetSocketAddress to;
    private final long maxBytes;
    private final Sockets sockets;
    private final Queue<DatagramChannel> open = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Sender> own = ThreadLocal.withInitial(Sender::new);
    private volatile boolean closed;

    /** Where sockets come from. */
    @FunctionalInterface
    interface Sockets {
        DatagramChannel open() throws IOException;
    }

    /**
     * @param maxBytes how many bytes of lines share a datagram; 0 = each line has its own
     * @throws IOException there are no sockets for such an address
     */
    public UdpStatsdSink(StatsdLines lines, InetSocketAddress to, long maxBytes)
            throws IOException {
        this(lines, to, maxBytes, () -> channel(to));
        sockets.open().close();
    }

    UdpStatsdSink(StatsdLines lines, InetSocketAddress to, long maxBytes, Sockets sockets) {
        this.lines = lines;
        this.to = to;
        this.maxBytes = maxBytes;
        this.sockets = sockets;
    }

    private static DatagramChannel channel(InetSocketAddress to) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(
                        to.getAddress().getAddress().length == 4
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        channel.configureBlocking(false);
        return channel;
    }

    /** A thread's socket. Where there was none to be had, what is said for a while is lost. */
    private final class Sender {
        private @Nullable DatagramChannel channel;
        private boolean failed;
        private long failedNanos;

        void send(String text) {
            try {
                DatagramChannel socket = socket();
                if (socket != null) {
                    socket.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), to);
                }
            } catch (IOException e) {
                // Nobody listens, or the datagram is too long: the next flush says it again.
                LOG.debug("statistics could not be sent to {}", to, e);
            }
        }

        private @Nullable DatagramChannel socket() {
            if (channel != null || failed && System.nanoTime() - failedNanos < AGAIN_NANOS) {
                return channel;
            }
            try {
                DatagramChannel opened = sockets.open();
                open.add(opened);
                channel = opened;
                failed = false;
                if (closed) {
                    opened.close();
                }
            } catch (IOException e) {
                failed = true;
                failedNanos = System.nanoTime();
                LOG.warn("there is no socket for statistics: {}", e.toString());
            }
            return channel;
        }
    }

    @Override
    public void flush(StatsSnapshot snapshot) {
        StringBuilder waiting = new StringBuilder();
        for (StatsSnapshot.Counted counted : snapshot.counters()) {
            add(waiting, lines.counter(counted.counter(), counted.delta()));
        }
        for (Gauge gauge : snapshot.gauges()) {
            add(waiting, lines.gauge(gauge, gauge.value()));
        }
        send(waiting);
    }

    private void add(StringBuilder waiting, String line) {
        if (line.length() >= maxBytes) {
            send(line);
            return;
        }
        if (waiting.length() + line.length() + 1 > maxBytes) {
            send(waiting);
        } else if (!waiting.isEmpty()) {
            waiting.append('\n');
        }
        waiting.append(line);
    }

    private void send(StringBuilder waiting) {
        if (!waiting.isEmpty()) {
            send(waiting.toString());
            waiting.setLength(0);
        }
    }

    private void send(String text) {
        if (closed) {
            return;
        }
        own.get().send(text);
    }

    @Override
    public SampleListener samples() {
        return (histogram, value) -> send(lines.sample(histogram, value));
    }

    @Override
    public void close() {
        closed = true;
        for (DatagramChannel channel = open.poll(); channel != null; channel = open.poll()) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a socket for statistics does not close", e);
            }
        }
    }
}

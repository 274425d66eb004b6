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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of statsd as datagrams: counters and gauges at each flush, values of histograms when they
 * are recorded, on the thread that records them. What the kernel does not take is lost, as in
 * Envoy. Any thread; each sends on a socket of its own.
 */
public final class UdpStatsdSink implements StatsSink {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    private final StatsdLines lines;
    private final InetSocketAddress to;
    private final long maxBytes;
    private final Queue<DatagramChannel> open = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<DatagramChannel> own = ThreadLocal.withInitial(this::socket);
    private volatile boolean closed;

    /**
     * @param maxBytes how many bytes of lines share a datagram; 0 = each line has its own
     * @throws IOException there are no sockets for such an address
     */
    public UdpStatsdSink(StatsdLines lines, InetSocketAddress to, long maxBytes)
            throws IOException {
        this.lines = lines;
        this.to = to;
        this.maxBytes = maxBytes;
        DatagramChannel first = channel();
        first.close();
    }

    private DatagramChannel channel() throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(
                        to.getAddress().getAddress().length == 4
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        channel.configureBlocking(false);
        return channel;
    }

    private DatagramChannel socket() {
        try {
            DatagramChannel channel = channel();
            open.add(channel);
            return channel;
        } catch (IOException e) {
            throw new IllegalStateException("no socket for statistics", e);
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
        try {
            own.get().send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), to);
        } catch (IOException e) {
            // Nobody listens, or the datagram is too long: the next flush says it again.
            LOG.debug("statistics could not be sent to {}", to, e);
        }
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

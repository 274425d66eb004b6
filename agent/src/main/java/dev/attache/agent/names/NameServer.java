package dev.attache.agent.names;

import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.names.datagram.AnyAddressSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name server of the workload, by UDP and TCP, on a thread of its own. Any thread. */
public final class NameServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");

    /** Longer questions than this are nobody's. */
    private static final int LONGEST_DATAGRAM = 4096;

    private static final int LONGEST_FRAME = 65535 + 2;

    /** Connections at once; those beyond are closed. */
    static final int MOST_CONNECTIONS = 256;

    static final long QUIET_MILLIS = 8000;

    private final NameServerSettings settings;
    private final ResolvConf machine;
    private final Placement placement;
    private final Sockets sockets = new Sockets();
    private final Answering answering;
    private final List<Socket> listening = new ArrayList<>();
    private final long quietMillis;
    private final List<InetSocketAddress> upstreams;
    private final NameMetrics metrics;
    private volatile @Nullable NameTable table;
    private volatile @Nullable Instant tableAt;
    private volatile int hosts;
    private int connections;

    /**
     * What it is at.
     *
     * @param hosts in the table
     * @param tableAt when the table came, null before the first
     * @param upstreams who is asked for other names
     * @param requests questions so far
     * @param failures questions to which none of the upstreams had an answer
     */
    public record State(
            int hosts,
            @Nullable Instant tableAt,
            List<InetSocketAddress> upstreams,
            long requests,
            long failures) {}

    private NameServer(
            NameServerSettings settings,
            ResolvConf machine,
            List<InetSocketAddress> servers,
            NameMetrics metrics,
            long quietMillis) {
        this.settings = settings;
        this.machine = machine;
        this.quietMillis = quietMillis;
        this.upstreams = List.copyOf(servers);
        this.metrics = metrics;
        this.placement = Placement.of(settings.namespace(), settings.domain());
        Forwarder forwarder =
                new Forwarder(
                        sockets, servers, settings.parallel(), settings.upstreamTimeout(), metrics);
        this.answering = new Answering(forwarder, metrics, settings.answerUnsynced());
    }

    /**
     * Listens, and answers with a failure until the first table.
     *
     * @throws IOException if an address is not to be had or the machine's settings cannot be read;
     *     nothing is left
     */
    public static NameServer start(NameServerSettings settings, AgentMetrics metrics)
            throws IOException {
        ResolvConf machine = ResolvConf.read(settings.resolvConf());
        List<InetSocketAddress> own = ListenAddresses.of(settings.address(), machine.servers());
        return start(
                settings,
                machine,
                own,
                ListenAddresses.others(machine.servers(), own),
                metrics,
                QUIET_MILLIS);
    }

    /** As above, with what follows from the settings. */
    static NameServer start(
            NameServerSettings settings,
            ResolvConf machine,
            List<InetSocketAddress> own,
            List<InetSocketAddress> servers,
            AgentMetrics metrics,
            long quietMillis)
            throws IOException {
        NameServer server =
                new NameServer(settings, machine, servers, NameMetrics.of(metrics), quietMillis);
        try {
            for (InetSocketAddress address : own) {
                server.listen(address);
            }
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** By UDP and TCP; of port 0 it is tried again where what UDP got is not free for TCP. */
    private void listen(InetSocketAddress address) throws IOException {
        int attempts = address.getPort() == 0 ? 10 : 1;
        while (true) {
            Socket datagrams = datagrams(address);
            try {
                Channel connections =
                        bound(
                                connections()
                                        .bind(address.getAddress(), datagrams.address.getPort()),
                                "tcp");
                keep(datagrams, "udp");
                keep(Socket.of(connections), "tcp");
                return;
            } catch (IOException e) {
                datagrams.end.run();
                attempts--;
                if (attempts == 0) {
                    throw e;
                }
            }
        }
    }

    /** One that listens, and what ends it. */
    private record Socket(InetSocketAddress address, Runnable end) {
        static Socket of(Channel channel) {
            return new Socket(
                    (InetSocketAddress) channel.localAddress(),
                    () -> channel.close().awaitUninterruptibly(2000));
        }
    }

    /** At all addresses it is one that answers from where it was asked. */
    private Socket datagrams(InetSocketAddress address) throws IOException {
        if (!address.getAddress().isAnyLocalAddress() || !sockets.tellAddresses()) {
            return Socket.of(bound(datagrams().bind(address), "udp"));
        }
        AnyAddressSocket socket =
                AnyAddressSocket.open(
                        address.getPort(),
                        LONGEST_DATAGRAM,
                        (from, message, answer) ->
                                DatagramHandler.answer(
                                        answering, sockets.own(), from, message, answer));
        socket.start(sockets.loop());
        return new Socket(socket.address(), () -> socket.stop(sockets.loop()));
    }

    private Bootstrap datagrams() {
        return new Bootstrap()
                .group(sockets.loop())
                .channel(sockets.datagrams())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LONGEST_DATAGRAM))
                .handler(new DatagramHandler(answering, sockets.own()));
    }

    private ServerBootstrap connections() {
        return new ServerBootstrap()
                .group(sockets.loop(), sockets.loop())
                .channel(sockets.listening())
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                accept(channel);
                            }
                        });
    }

    private void accept(Channel channel) {
        if (connections >= MOST_CONNECTIONS) {
            channel.close();
            return;
        }
        connections++;
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(LONGEST_FRAME, 0, 2, 0, 2))
                .addLast(
                        new ConnectionHandler(
                                answering, sockets.own(), quietMillis, () -> connections--));
    }

    private static Channel bound(ChannelFuture binding, String protocol) throws IOException {
        binding.awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "failed to listen on %s for names: %s; does another agent run here, or another"
                                    .formatted(protocol, binding.cause())
                            + " server of names? DNS_PROXY_ADDR names another address",
                    binding.cause());
        }
        return binding.channel();
    }

    private void keep(Socket socket, String protocol) {
        synchronized (listening) {
            listening.add(socket);
        }
        LOG.info("Starting local {} DNS server on {}", protocol, socket.address);
    }

    /** Where it listens, UDP and TCP after each other for each address. */
    public List<InetSocketAddress> addresses() {
        synchronized (listening) {
            return listening.stream().map(Socket::address).toList();
        }
    }

    /** From now on this is what the mesh's names stand for. */
    public void accept(NameTable next) {
        LookupTable lookup = LookupTable.of(next, placement, machine.search());
        table = next;
        hosts = lookup.size();
        tableAt = Instant.now();
        answering.use(lookup);
        LOG.debug("updated lookup table with {} hosts", lookup.size());
    }

    /** Whether a table has come. */
    public boolean ready() {
        return answering.ready();
    }

    /** What it is at, for those who look. */
    public State state() {
        return new State(
                hosts,
                tableAt,
                upstreams,
                metrics.requests().longValue(),
                metrics.failures().longValue());
    }

    /** The table as JSON, or null before the first. */
    public @Nullable String json() {
        NameTable current = table;
        return current == null ? null : current.toJson();
    }

    /** The table, or null before the first. */
    public @Nullable NameTable table() {
        return table;
    }

    NameServerSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        synchronized (listening) {
            listening.forEach(socket -> socket.end.run());
        }
        sockets.close();
    }
}

package dev.attache.server.admin;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.listener.AcceptFaults;
import dev.attache.proxy.listener.SocketTuning;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.proxy.worker.LostThread;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminRequestDecoder;
import dev.attache.server.admin.http.AdminResponseEncoder;
import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.admin.stats.TagRules;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.DirectBind;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The admin listener: an HTTP/1 server of its own, on one thread, so that it answers whatever the
 * workers do. Made once the bootstrap is read, closed with the server. Any thread.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_REQUEST = 1 << 20;

    private final LoopGroup group;
    private final Channel channel;
    private final AdminEndpoints endpoints;
    private final Executor main;

    private AdminServer(LoopGroup group, Channel channel, AdminEndpoints endpoints, Executor main) {
        this.group = group;
        this.channel = channel;
        this.endpoints = endpoints;
        this.main = main;
    }

    /**
     * Binds and serves.
     *
     * @param inherited descriptors of the process before this one; empty: the address is bound
     * @param lost told when its thread ends by itself
     * @throws IOException when the address cannot be bound, which the message names, or a socket
     *     option cannot be set
     */
    public static AdminServer start(
            AdminSubject server,
            AdminSettings settings,
            TypeRegistry types,
            List<Integer> inherited,
            LostThread lost)
            throws IOException {
        Address address = settings.address();
        AcceptFaults.prepare();
        LoopGroup group = LoopGroup.of("admin", 1, true, lost);
        AdminEndpoints endpoints =
                new AdminEndpoints(
                        server,
                        types,
                        new StatsPages(
                                server.stats(),
                                TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                                server.histogramBuckets(),
                                () -> server.plane().clusters().serving()));
        AdminStats stats = new AdminStats(server.stats());
        List<AccessLog> logs = AdminLogs.open(settings.accessLogs(), server.logScope());
        Executor main = server.mainLoop().eventLoop();
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channelFactory(() ->
                                inherited.isEmpty()
                                        ? newChannel(address)
                                        : DirectBind.listening(inherited.getFirst(), false))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel accepted) {
                                        AdminResponseEncoder encoder = new AdminResponseEncoder();
                                        accepted.pipeline()
                                                .addLast(
                                                        new AdminConnectionCounter(stats),
                                                        new AdminRequestDecoder(),
                                                        encoder,
                                                        new HttpObjectAggregator(MAX_REQUEST),
                                                        new AdminHandler(
                                                                encoder,
                                                                endpoints,
                                                                main,
                                                                settings.allowedPaths(),
                                                                logs,
                                                                stats));
                                    }
                                });
        if (inherited.isEmpty() && !(address instanceof PipeAddress)) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        Channel channel = bootstrap.register().awaitUninterruptibly().channel();
        boolean serves = false;
        try {
            bind(channel, settings, inherited.isEmpty());
            serves = true;
            return new AdminServer(group, channel, endpoints, main);
        } finally {
            if (!serves) {
                channel.close();
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static ServerChannel newChannel(Address address) {
        if (address instanceof PipeAddress) {
            return new EpollServerDomainSocketChannel();
        }
        return Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    private static void bind(Channel channel, AdminSettings settings, boolean fresh)
            throws IOException {
        Address address = settings.address();
        List<SocketOption> options = settings.socketOptions();
        try {
            SocketTuning.options(channel, options, SocketOption.State.PREBIND);
            ChannelFuture bound =
                    fresh ? channel.bind(address.toSocketAddress()) : channel.newSucceededFuture();
            if (!bound.awaitUninterruptibly().isSuccess()) {
                throw new IOException(
                        "cannot bind '" + address + "': " + bound.cause().getMessage(),
                        bound.cause());
            }
            SocketTuning.options(channel, options, SocketOption.State.BOUND);
            SocketTuning.options(channel, options, SocketOption.State.LISTENING);
        } catch (IllegalArgumentException | ChannelException e) {
            throw new IOException("socket_options: " + e.getMessage(), e);
        }
        channel.pipeline().addLast(new AcceptFailure());
    }

    /** Behind Netty's own acceptor, which pauses for a second and passes the failure on. */
    private static final class AcceptFailure extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            AcceptFaults.failed("the admin interface", cause);
        }
    }

    /**
     * No new connection is answered until {@link #resume}: another process is about to.
     *
     * @return the descriptor for it where this is the address; of a Unix socket there is none, and
     *     it is closed: its file goes with it
     */
    public List<Integer> handOver(String address) {
        if (channel.localAddress() instanceof DomainSocketAddress) {
            channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
            return List.of();
        }
        channel.eventLoop().execute(() -> channel.config().setAutoRead(false));
        return address().toString().equals(address) && channel instanceof UnixChannel unix
                ? List.of(unix.fd().intValue())
                : List.of();
    }

    /** The other process has gone. */
    public void resume() {
        channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
    }

    /** The other process answers from now on; connections that are open stay. */
    public void stopListening() {
        channel.close();
    }

    /** As bound: with port 0 this is the real one. */
    public Address address() {
        return Address.of(channel.localAddress());
    }

    /**
     * Answers without a connection, whatever paths are allowed to those that come by one. Blocks.
     *
     * @param target path and query
     * @throws IOException when the main loop does not answer in time
     */
    public AdminPage ask(String method, String target, Duration limit) throws IOException {
        return AdminPage.of(endpoints, main, AdminRequest.of(method, target), limit);
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        // Quietly: the last answer (to quitquitquit) may still be on its way out.
        group.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS);
    }
}

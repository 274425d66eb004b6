package dev.attache.server.admin;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
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
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
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
     * @param lost told when its thread ends by itself
     * @throws IOException when the address cannot be bound, which the message names, or a socket
     *     option cannot be set
     */
    public static AdminServer start(
            AdminSubject server, AdminSettings settings, TypeRegistry types, LostThread lost)
            throws IOException {
        Address address = settings.address();
        AcceptFaults.prepare();
        boolean epoll = Epoll.isAvailable();
        LoopGroup group = LoopGroup.of("admin", 1, true, lost);
        AdminEndpoints endpoints =
                new AdminEndpoints(
                        server,
                        types,
                        new StatsPages(
                                server.stats(),
                                TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                                server.histogramBuckets()));
        AdminStats stats = new AdminStats(server.stats());
        List<AccessLog> logs = AdminLogs.open(settings.accessLogs(), server.logScope());
        Executor main = server.mainLoop().eventLoop();
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(
                                address instanceof dev.attache.proxy.address.PipeAddress
                                        ? EpollServerDomainSocketChannel.class
                                        : epoll
                                                ? EpollServerSocketChannel.class
                                                : NioServerSocketChannel.class)
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
        if (!(address instanceof dev.attache.proxy.address.PipeAddress)) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        Channel channel = bootstrap.register().awaitUninterruptibly().channel();
        boolean serves = false;
        try {
            bind(channel, settings);
            serves = true;
            return new AdminServer(group, channel, endpoints, main);
        } finally {
            if (!serves) {
                channel.close();
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static void bind(Channel channel, AdminSettings settings) throws IOException {
        Address address = settings.address();
        List<SocketOption> options = settings.socketOptions();
        try {
            SocketTuning.options(channel, options, SocketOption.State.PREBIND);
            ChannelFuture bound = channel.bind(address.toSocketAddress()).awaitUninterruptibly();
            if (!bound.isSuccess()) {
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

package dev.attache.agent.status;

import dev.attache.proxy.worker.LoopGroup;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of the status port, on one loop of its own. Any thread. */
public final class StatusServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    /** Connections at once: far more than kubelet, Prometheus and hooks open. */
    private static final int MOST_CONNECTIONS = 512;

    /** How long a connection may be silent between requests, and within one. */
    static final long QUIET_MILLIS = 120_000;

    private static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_BODY = 64 * 1024;

    private final LoopGroup group;
    private final Channel channel;

    private StatusServer(LoopGroup group, Channel channel) {
        this.group = group;
        this.channel = channel;
    }

    /**
     * Serves on all addresses.
     *
     * @param port 0 for a free one
     * @throws IOException if the port cannot be had
     */
    public static StatusServer start(int port, StatusPages pages) throws IOException {
        return start(port, pages, QUIET_MILLIS);
    }

    /** As above, with another quiet time. */
    static StatusServer start(int port, StatusPages pages, long quietMillis) throws IOException {
        LOG.info("Opening status port {}", port);
        LoopGroup group =
                LoopGroup.of(
                        "agent-status",
                        1,
                        true,
                        (thread, why) -> LOG.error("the status port has no thread any more", why));
        Semaphore connections = new Semaphore(MOST_CONNECTIONS);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel accepted) {
                                        accept(accepted, pages, connections, quietMillis);
                                    }
                                });
        ChannelFuture bound = bootstrap.bind(port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    "listen tcp :" + port + ": " + bound.cause().getMessage(), bound.cause());
        }
        return new StatusServer(group, bound.channel());
    }

    private static void accept(
            Channel accepted, StatusPages pages, Semaphore connections, long quietMillis) {
        if (!connections.tryAcquire()) {
            accepted.close();
            return;
        }
        accepted.closeFuture().addListener(gone -> connections.release());
        accepted.pipeline()
                .addLast(
                        new IdleStateHandler(quietMillis, 0, 0, TimeUnit.MILLISECONDS),
                        new HttpRequestDecoder(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(MAX_HEAD)
                                        .setMaxHeaderSize(MAX_HEAD)),
                        new HttpResponseEncoder(),
                        new HttpObjectAggregator(MAX_BODY),
                        new FlowControlHandler(),
                        new StatusConnection(pages));
    }

    /** As bound. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        LOG.info("Status server has successfully terminated");
    }
}

package dev.attache.server.admin;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.listener.AcceptFaults;
import dev.attache.proxy.listener.SocketTuning;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.server.admin.http.AdminBodyAggregator;
import dev.attache.server.admin.http.AdminRequestDecoder;
import dev.attache.server.admin.http.AdminResponseEncoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.DirectBind;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A listening socket that speaks HTTP/1 with whoever comes. */
final class AdminListener extends ChannelInitializer<Channel> {

    private final AdminStats stats;
    private final Function<Channel, @Nullable ChannelHandler> encryption;
    private final BiFunction<Channel, AdminResponseEncoder, AdminHandler> handlers;
    private boolean shared;

    /**
     * @param encryption of a connection, or null for plain text
     * @param handlers what answers on a connection
     */
    AdminListener(
            AdminStats stats,
            Function<Channel, @Nullable ChannelHandler> encryption,
            BiFunction<Channel, AdminResponseEncoder, AdminHandler> handlers) {
        this.stats = stats;
        this.encryption = encryption;
        this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel accepted) {
        ChannelPipeline pipeline = accepted.pipeline();
        pipeline.addLast(new AdminConnectionCounter(stats));
        ChannelHandler tls = encryption.apply(accepted);
        if (tls != null) {
            pipeline.addLast(tls);
        }
        AdminResponseEncoder encoder = new AdminResponseEncoder();
        pipeline.addLast(
                new AdminRequestDecoder(),
                encoder,
                new AdminBodyAggregator(),
                new FlowControlHandler(),
                handlers.apply(accepted, encoder));
    }

    /** The next process of a row may bind the address, too (SO_REUSEPORT). */
    AdminListener shared() {
        shared = true;
        return this;
    }

    /**
     * Binds and listens.
     *
     * @param inherited descriptors of the process before this one; empty: the address is bound
     * @throws IOException when the address cannot be bound, which the message names, or a socket
     *     option cannot be set
     */
    Channel open(
            EventLoopGroup group,
            Address address,
            List<SocketOption> options,
            List<Integer> inherited)
            throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channelFactory(() ->
                                inherited.isEmpty()
                                        ? newChannel(address)
                                        : DirectBind.listening(inherited.getFirst(), false))
                        .childHandler(this);
        if (inherited.isEmpty() && !(address instanceof PipeAddress)) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
            if (shared && Epoll.isAvailable()) {
                bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
            }
        }
        Channel channel = bootstrap.register().awaitUninterruptibly().channel();
        boolean serves = false;
        try {
            bind(channel, address, options, inherited.isEmpty());
            serves = true;
            return channel;
        } finally {
            if (!serves) {
                channel.close();
            }
        }
    }

    private static ServerChannel newChannel(Address address) {
        if (address instanceof PipeAddress) {
            return new EpollServerDomainSocketChannel();
        }
        return Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    private static void bind(
            Channel channel, Address address, List<SocketOption> options, boolean fresh)
            throws IOException {
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
}

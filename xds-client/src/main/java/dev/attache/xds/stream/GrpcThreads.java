package dev.attache.xds.stream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The network thread that all gRPC transports of one client share. It only moves bytes; messages
 * are handed to the main loop. Epoll where there is epoll (Unix sockets need it), else NIO.
 */
public final class GrpcThreads implements AutoCloseable {

    private final EventLoopGroup group;

    /** A thread of its own. */
    public GrpcThreads() {
        this(own());
    }

    /**
     * The thread of whoever watches it.
     *
     * @param group of epoll loops where there is epoll; ends with this
     */
    public GrpcThreads(EventLoopGroup group) {
        this.group = group;
    }

    private static EventLoopGroup own() {
        IoHandlerFactory handler =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("xds-grpc", true), handler);
    }

    EventLoopGroup group() {
        return group;
    }

    /** The channel class that can connect to the address. */
    static Class<? extends Channel> channelType(SocketAddress address) {
        if (address instanceof DomainSocketAddress) {
            if (!Epoll.isAvailable()) {
                throw new IllegalStateException(
                        "Unix sockets need epoll, which is missing here: "
                                + Epoll.unavailabilityCause());
            }
            return EpollDomainSocketChannel.class;
        }
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

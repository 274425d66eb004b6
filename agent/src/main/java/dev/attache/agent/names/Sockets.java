package dev.attache.agent.names;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The one thread that names are served on, and the kinds of its sockets. Any thread. */
final class Sockets implements AutoCloseable {

    /**
     * There where the machine's kernel has IPv6, whether an interface has such an address or not.
     */
    private static final Path IPV6 = Path.of("/proc/net/if_inet6");

    private final boolean epoll = Epoll.isAvailable();
    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final OwnQuestions own = new OwnQuestions();

    Sockets() {
        IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("names", true), handler);
        loop = group.next();
    }

    /** What is asked elsewhere. Loop only. */
    OwnQuestions own() {
        return own;
    }

    IoEventLoop loop() {
        return loop;
    }

    /** Whether there are sockets that tell at which of all addresses they were asked. */
    boolean tellAddresses() {
        return epoll && Files.exists(IPV6);
    }

    Class<? extends Channel> datagrams() {
        return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    Class<? extends Channel> stream() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> listening() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}

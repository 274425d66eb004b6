package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.memory.SmallReads;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.proxy.upstream.spec.SocketSpec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Which channel a destination needs on a loop, and what is set on its socket. */
final class SocketOptions {

    /**
     * One connection gets 128 KiB read in a turn of the loop, and not Netty's 1 MiB: an upstream
     * that sends without end must not become the latency of other connections.
     */
    private static final RecvByteBufAllocator SHARE_OF_TURN =
            new SmallReads(64, 2048, 64 * 1024).maxMessagesPerRead(2);

    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final int SOL_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_TRANSPARENT = 75;

    private SocketOptions() {}

    static Class<? extends Channel> channelType(EventLoop loop, Address destination) {
        boolean epoll = loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
        if (destination instanceof IpAddress) {
            return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        }
        return epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    /** The address to bind before connecting to {@code destination}, or null. */
    static @Nullable SocketAddress source(SocketSpec spec, Address destination) {
        if (!(destination instanceof IpAddress ip)) {
            return null;
        }
        IpAddress source = spec.sourceAddress();
        if (source == null || source.isV6() == ip.isV6()) {
            return source == null ? null : source.toSocketAddress();
        }
        for (IpAddress extra : spec.extraSourceAddresses()) {
            if (extra.isV6() == ip.isV6()) {
                return extra.toSocketAddress();
            }
        }
        return source.toSocketAddress();
    }

    static void apply(SocketSpec spec, Bootstrap bootstrap, Address destination, boolean epoll) {
        bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, SHARE_OF_TURN);
        if (!(destination instanceof IpAddress)) {
            return;
        }
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        SocketSpec.Keepalive keepalive = spec.keepalive();
        if (keepalive != null) {
            bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        }
        if (!epoll) {
            return;
        }
        if (keepalive != null) {
            positive(bootstrap, EpollChannelOption.TCP_KEEPCNT, keepalive.probes());
            positive(bootstrap, EpollChannelOption.TCP_KEEPIDLE, keepalive.timeSeconds());
            positive(bootstrap, EpollChannelOption.TCP_KEEPINTVL, keepalive.intervalSeconds());
        }
        if (spec.freebind()) {
            bootstrap.option(EpollChannelOption.IP_FREEBIND, true);
        }
        for (SocketSpec.SocketOption option : spec.options()) {
            bootstrap.option(
                    new RawUnixChannelOption(
                            option.description(),
                            option.level(),
                            option.name(),
                            option.value().length),
                    ByteBuffer.wrap(option.value()));
        }
    }

    /**
     * Lets a socket come from an address that need not be this host's.
     *
     * @throws SourceException the system does not allow it, there is no such option, or the address
     *     is of another family than {@code destination}
     */
    static void comeFrom(UpstreamSource client, Address destination, Channel channel) {
        boolean v6 = client.address().isV6();
        if (destination instanceof IpAddress ip && ip.isV6() != v6) {
            throw new SourceException(client.address() + " does not reach " + destination);
        }
        if (v6) {
            set(channel, "IPV6_TRANSPARENT", SOL_IPV6, IPV6_TRANSPARENT, 1);
        } else {
            set(channel, "IP_TRANSPARENT", SOL_IP, IP_TRANSPARENT, 1);
            // The port is chosen by who is dialled, so that there are enough for each of them.
            set(channel, "IP_BIND_ADDRESS_NO_PORT", SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        }
        if (client.mark() != 0) {
            set(channel, "SO_MARK", SOL_SOCKET, SO_MARK, client.mark());
        }
    }

    private static void set(Channel channel, String what, int level, int name, int value) {
        if (!(channel instanceof EpollSocketChannel)) {
            throw new SourceException(what + " needs epoll");
        }
        ByteBuffer raw = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        raw.putInt(value).flip();
        try {
            channel.config()
                    .setOption(new RawUnixChannelOption(what, level, name, Integer.BYTES), raw);
        } catch (ChannelException refused) {
            throw new SourceException(what, refused);
        }
    }

    private static void positive(Bootstrap bootstrap, ChannelOption<Integer> option, int value) {
        if (value > 0) {
            bootstrap.option(option, value);
        }
    }
}

package dev.attache.proxy.listener;

import dev.attache.proxy.connection.userspace.UserSpaceChannel;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.proxy.listener.spec.SocketSettings;
import dev.attache.proxy.memory.SmallReads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets socket options, by Netty's names where it has them and by number where it has not. */
public final class SocketTuning {

    /** The kernel's number of this state. */
    private static final int TCP_CLOSE_WAIT = 8;

    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final IntegerUnixChannelOption SO_MARK =
            new IntegerUnixChannelOption("SO_MARK", 1, 36);

    /**
     * The first read takes what Envoy's does, so that a request which is answered early has arrived
     * as far as it has there; later ones are as large as the peer has shown to need.
     */
    private static final RecvByteBufAllocator FIRST_READ_WHOLE =
            new SmallReads(64, 16 * 1024, 64 * 1024);

    private SocketTuning() {}

    /** Before bind. {@code epoll} false = only what NIO can do; the rest is refused. */
    static void beforeBind(
            Channel channel, ListenerSpec spec, boolean reusePort, boolean v6, boolean epoll) {
        ChannelConfig config = channel.config();
        SocketSettings socket = spec.socket();
        config.setOption(ChannelOption.SO_REUSEADDR, true);
        if (socket.backlog() != null) {
            config.setOption(ChannelOption.SO_BACKLOG, socket.backlog());
        }
        if (!epoll) {
            refuseWithoutEpoll(socket);
            return;
        }
        if (reusePort) {
            config.setOption(UnixChannelOption.SO_REUSEPORT, true);
        }
        if (v6) {
            setInt(config, IPPROTO_IPV6, IPV6_V6ONLY, socket.ipv4Compat() ? 0 : 1);
        }
        if (socket.transparent() != null) {
            config.setOption(EpollChannelOption.IP_TRANSPARENT, socket.transparent());
        }
        if (socket.freebind() != null) {
            config.setOption(EpollChannelOption.IP_FREEBIND, socket.freebind());
        }
        if (socket.fastOpenQueueLength() != null) {
            config.setOption(EpollChannelOption.TCP_FASTOPEN, socket.fastOpenQueueLength());
        }
    }

    /** On a socket that listens; what it accepts has the same. */
    static void keepalive(Channel channel, SocketSettings.TcpKeepalive keepalive) {
        setInt(channel.config(), SOL_SOCKET, SO_KEEPALIVE, 1);
        setPositive(channel, TCP_KEEPIDLE, keepalive.time());
        setPositive(channel, TCP_KEEPINTVL, keepalive.interval());
        setPositive(channel, TCP_KEEPCNT, keepalive.probes());
    }

    private static void setPositive(Channel channel, int name, @Nullable Integer value) {
        if (value != null) {
            setInt(channel.config(), IPPROTO_TCP, name, value);
        }
    }

    /** Whether others may listen beside a bound socket: it was bound with SO_REUSEPORT. */
    static boolean sharesPort(Channel channel) {
        return Boolean.TRUE.equals(channel.config().getOption(UnixChannelOption.SO_REUSEPORT));
    }

    /** How a bound channel accepts: not before it is told to. */
    static void accepting(Channel channel, ListenerSpec spec) {
        channel.config().setAutoRead(false);
        if (spec.maxConnectionsToAcceptPerSocketEvent() > 0) {
            channel.config()
                    .setOption(
                            ChannelOption.MAX_MESSAGES_PER_READ,
                            spec.maxConnectionsToAcceptPerSocketEvent());
        }
    }

    private static void refuseWithoutEpoll(SocketSettings socket) {
        if (Boolean.TRUE.equals(socket.transparent())
                || Boolean.TRUE.equals(socket.freebind())
                || socket.fastOpenQueueLength() != null
                || socket.keepalive() != null
                || !socket.options().isEmpty()) {
            throw new IllegalArgumentException(
                    "transparent, freebind, tcp_fast_open_queue_length, tcp_keepalive and"
                            + " socket_options need the epoll transport, which is not available");
        }
    }

    /**
     * Sets the configured options of one state.
     *
     * @throws IllegalArgumentException if one is not known to the transport
     * @throws io.netty.channel.ChannelException if the kernel refuses it
     */
    public static void options(
            Channel channel, List<SocketOption> options, SocketOption.State state) {
        for (SocketOption option : options) {
            if (option.state() == state) {
                set(channel.config(), option.level(), option.name(), option.value());
            }
        }
    }

    private static void setInt(ChannelConfig config, int level, int name, int value) {
        set(
                config,
                level,
                name,
                ByteBuffer.allocate(4)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    private static void set(ChannelConfig config, int level, int name, byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        RawUnixChannelOption option =
                new RawUnixChannelOption(
                        "sockopt." + level + "." + name + "." + value.length,
                        level,
                        name,
                        value.length);
        if (!config.setOption(option, buffer)) {
            throw new IllegalArgumentException(
                    "socket option " + level + "/" + name + " cannot be set");
        }
    }

    /** The packet mark of a connection, 0 where it has none or it cannot be told. */
    static int mark(Channel channel) {
        if (!(channel instanceof EpollSocketChannel)) {
            return 0;
        }
        Integer mark = channel.config().getOption(SO_MARK);
        return mark == null ? 0 : mark;
    }

    /** Whether the peer has sent its FIN, read or not; one system call. */
    static boolean peerHasEnded(Channel channel) {
        if (channel instanceof UserSpaceChannel internal) {
            return internal.peerHasEnded();
        }
        return channel instanceof EpollSocketChannel tcp && tcp.tcpInfo().state() == TCP_CLOSE_WAIT;
    }

    /** On a connection just accepted. */
    static void onAccept(Channel channel) {
        channel.config().setRecvByteBufAllocator(FIRST_READ_WHOLE);
        ChannelConfig config = channel.config();
        if (channel instanceof SocketChannel) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
    }
}

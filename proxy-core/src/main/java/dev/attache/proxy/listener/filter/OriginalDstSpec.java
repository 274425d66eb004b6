package dev.attache.proxy.listener.filter;

import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.filters.listener.original_dst}: what the client dialled before netfilter redirected
 * it, from SO_ORIGINAL_DST or its IPv6 twin. The kernel answers for every tracked connection; one
 * that was not redirected, or that eBPF gave to the listener, counts as restored to the address it
 * has, as in Envoy, so that ORIGINAL_DST clusters can follow it. Without connection tracking there
 * is no answer and nothing is restored.
 */
public record OriginalDstSpec() implements ListenerFilterSpec {

    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    private static final RawUnixChannelOption V4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);
    private static final RawUnixChannelOption V6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        return Filter::new;
    }

    private static final class Filter implements ListenerFilter {

        @Override
        public Status onAccept(Context context) {
            ConnectionInfo info = context.info();
            if (info.localAddress() instanceof InternalAddress) {
                InternalOriginalDst.restore(info);
                return Status.CONTINUE;
            }
            if (info.localAddress() instanceof IpAddress local
                    && context.channel() instanceof EpollSocketChannel) {
                IpAddress original = original(context.channel(), local.isV6());
                if (original != null) {
                    info.redirectedFrom(original);
                }
            }
            return Status.CONTINUE;
        }
    }

    private static @Nullable IpAddress original(Channel channel, boolean v6) {
        ByteBuffer raw;
        try {
            raw = channel.config().getOption(v6 ? V6 : V4);
        } catch (io.netty.channel.ChannelException e) {
            // ENOENT, ENOPROTOOPT: this connection was not redirected.
            return null;
        }
        return raw == null ? null : v6 ? parseV6(raw) : parseV4(raw);
    }

    /** {@code struct sockaddr_in}: family, port, address. */
    static @Nullable IpAddress parseV4(ByteBuffer raw) {
        return raw.remaining() < 8 ? null : read(raw, 4, 4);
    }

    /** {@code struct sockaddr_in6}: family, port, flow, address. */
    static @Nullable IpAddress parseV6(ByteBuffer raw) {
        return raw.remaining() < 24 ? null : read(raw, 8, 16);
    }

    private static @Nullable IpAddress read(ByteBuffer raw, int offset, int length) {
        int start = raw.position();
        int port = (raw.get(start + 2) & 0xff) << 8 | raw.get(start + 3) & 0xff;
        byte[] address = new byte[length];
        for (int i = 0; i < length; i++) {
            address[i] = raw.get(start + offset + i);
        }
        try {
            return port == 0 ? null : new IpAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}

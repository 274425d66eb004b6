package dev.attache.agent.control;

import io.grpc.Attributes;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has connections leave from the first address of their family. Any thread. */
final class BoundTo extends NettyChannelBuilder.LocalSocketPicker {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final List<InetAddress> sources;

    BoundTo(List<InetAddress> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public @Nullable SocketAddress createSocketAddress(
            SocketAddress remote, Attributes attributes) {
        if (!(remote instanceof InetSocketAddress peer) || peer.getAddress() == null) {
            return null;
        }
        for (InetAddress source : sources) {
            if (source.getClass() == peer.getAddress().getClass()) {
                return new InetSocketAddress(source, 0);
            }
        }
        LOG.warn(
                "the connection to {} is not bound: ATTACHE_CONTROL_PLANE_ADDRESS has no address of"
                        + " its family, only {}",
                peer,
                sources);
        return null;
    }
}

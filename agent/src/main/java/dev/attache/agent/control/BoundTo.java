package dev.attache.agent.control;

import io.grpc.Attributes;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Has the connections of a channel leave from addresses of this machine. Any thread. */
final class BoundTo extends NettyChannelBuilder.LocalSocketPicker {

    private final LocalAddresses addresses;

    BoundTo(LocalAddresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public @Nullable SocketAddress createSocketAddress(
            SocketAddress remote, Attributes attributes) {
        InetAddress peer =
                remote instanceof InetSocketAddress address ? address.getAddress() : null;
        InetAddress source = peer == null ? null : addresses.towards(peer);
        return source == null ? null : new InetSocketAddress(source, 0);
    }
}

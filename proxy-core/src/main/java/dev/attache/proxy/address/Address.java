package dev.attache.proxy.address;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The address of a socket as Envoy knows it: IP and port, or a Unix domain socket. Immutable.
 *
 * <p>{@link #toString()} is Envoy's {@code asString()}: {@code 10.0.0.1:80}, {@code [::1]:80},
 * {@code /run/x.sock}, {@code @abstract}.
 */
public sealed interface Address permits IpAddress, PipeAddress, InternalAddress {

    /** The Netty or JDK address to bind or connect to. */
    SocketAddress toSocketAddress();

    /** Envoy's address of a JDK socket address; an unresolved name is refused. */
    static Address of(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return IpAddress.of(inet);
        }
        if (address instanceof DomainSocketAddress unix) {
            return PipeAddress.ofNative(unix.path());
        }
        throw new IllegalArgumentException("not an IP or Unix address: " + address);
    }
}

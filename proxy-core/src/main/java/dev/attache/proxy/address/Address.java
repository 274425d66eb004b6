package dev.attache.proxy.address;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The address of a socket as Envoy knows it: IP and port, a Unix domain socket, or an internal
 * listener. Immutable.
 *
 * <p>{@link #toString()} is Envoy's {@code asString()}: {@code 10.0.0.1:80}, {@code [::1]:80},
 * {@code /run/x.sock}, {@code @abstract}, {@code envoy://name/endpoint}.
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
        if (address instanceof InternalAddress.OfChannel internal) {
            return internal.address();
        }
        throw new IllegalArgumentException("not an IP or Unix address: " + address);
    }
}

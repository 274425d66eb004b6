package dev.attache.xds.stream;

import io.grpc.Metadata;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a gRPC control plane is. Asked anew before every stream, so that changed endpoints and
 * rotated certificates count from the next reconnect on. Called on the main loop.
 */
public interface GrpcTarget {

    /** For log lines: the cluster's name or the target URI. */
    String name();

    /**
     * The address to try next: an {@link java.net.InetSocketAddress} (unresolved ones are looked up
     * by DNS on connecting) or a {@link io.netty.channel.unix.DomainSocketAddress} (a leading NUL
     * means the abstract name space). Null if there is none at present.
     */
    @Nullable SocketAddress nextAddress();

    /** How the connection is secured, or null for plain text. */
    @Nullable ConnectionSecurity security();

    /** The {@code :authority} of the stream, also the name sent as SNI. */
    String authority();

    /** Metadata of every stream ({@code initial_metadata}). */
    default Metadata metadata() {
        return new Metadata();
    }

    /** How long opening a connection may take. */
    default Duration connectTimeout() {
        return Duration.ofSeconds(5);
    }

    /** Hears of connections and streams. */
    default TransportEvents events() {
        return TransportEvents.NONE;
    }

    /** Nobody asks any more. */
    default void close() {}

    /** Interval of HTTP/2 PING frames on the connection, or null for none. */
    default @Nullable Duration keepalive() {
        return null;
    }
}

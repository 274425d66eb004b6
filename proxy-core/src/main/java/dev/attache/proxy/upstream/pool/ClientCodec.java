package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.Protocol;

/**
 * A codec as a pool needs it: the HTTP side and the side that takes the connection's events.
 *
 * @param http where streams are opened
 * @param handler what the connection's events go to
 */
public record ClientCodec(ClientHttpConnection http, ConnectionHandler handler) {

    /** Puts a codec on a connection; the cluster's options are the factory's own. */
    @FunctionalInterface
    public interface Factory {
        /** A connection that will speak {@code protocol} is being made. */
        default void announce(Protocol protocol) {}

        ClientCodec open(
                Protocol protocol, Connection connection, ClientHttpConnection.Listener listener);
    }
}

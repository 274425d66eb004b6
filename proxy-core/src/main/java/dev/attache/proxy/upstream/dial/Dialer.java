package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** Opens connections on one worker's loop. Loop-confined. */
public interface Dialer {

    /** Who wants the connection. One outcome, perhaps before {@link #dial} returns. */
    interface Listener {

        /**
         * A socket begins to connect; once per address that is tried.
         *
         * @param connection the id that the connection will have
         */
        default void onDialling(long connection) {}

        /** Connected, and any handshake finished; the listener sets the connection's handler. */
        void onConnected(Connection connection);

        /**
         * Not connected.
         *
         * @param remote the peer refused or went away, rather than something on our side
         * @param transportFailureReason what the transport socket says, or null
         */
        void onDialFailed(boolean remote, @Nullable String transportFailureReason);
    }

    /**
     * Says for what accepted connection the next dials are made, null for none. Pools may dial
     * later than they were asked; clusters serve one direction, so that the answer still holds.
     */
    default void onBehalfOf(@Nullable ConnectionInfo cause) {
        // Only a dialer that reaches the network, or internal listeners, may come back.
    }

    /** Of the cluster that dials from now on; internal listeners may get to see it. */
    default void clusterMetadata(Metadata metadata) {
        // Only one that reaches internal listeners tells them.
    }

    /** Cancelling closes what is under way; the listener hears nothing. */
    Cancellable dial(
            Host host, ClientTransport transport, TransportOptions options, Listener listener);
}

package dev.attache.proxy.network;

import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One filter on one connection (Envoy's {@code ReadFilter} and {@code WriteFilter}). Loop-confined;
 * dies with its connection. Two kinds: one that looks on and one that takes the connection over.
 * What one throws costs the connection.
 */
public sealed interface NetworkFilter {

    /** What happens to connection or data after the filter has seen it. */
    enum Status {
        CONTINUE,
        /**
         * The filters behind do not see it yet. What {@code onData} leaves in the buffer comes
         * again, with what has arrived since; {@link Inspecting.Control#continueReading()} goes on
         * without waiting for more. What {@code onWrite} leaves is dropped: the filter has taken
         * what it wants.
         */
        STOP
    }

    /** A filter before the last one. */
    non-sealed interface Inspecting extends NetworkFilter {

        /** Way to the chain, valid for the life of the connection. Loop-confined. */
        interface Control {

            /** Goes on behind the filter that stopped, with what is buffered. */
            void continueReading();

            /**
             * Shows bytes to the filters behind as if the peer had sent them; takes ownership. What
             * one of them leaves waits in front of it.
             */
            void injectRead(ByteBuf fromPeer, boolean end);

            /**
             * Sends bytes to the peer past the filters nearer to it than this one; takes ownership.
             * To go past all of them, write to the connection.
             *
             * @param end the last ones; the peer will see the end of the stream
             */
            void injectWrite(ByteBuf toPeer, boolean end);

            /**
             * What access logs show of the connection: flags, details, upstream. Its metadata and
             * filter state, which requests on it see too, are those of {@link
             * dev.attache.proxy.connection.ConnectionInfo}.
             */
            StreamInfo stream();
        }

        /** First call. */
        default void attach(Control control) {}

        /** The connection is there; a TLS handshake may still be to come, before any data. */
        default Status onNewConnection() {
            return Status.CONTINUE;
        }

        /**
         * The handshake of TLS is done, where there is one; comes once, after {@link
         * #onNewConnection} and before any data, whether or not another filter holds the
         * connection.
         */
        default void onConnected() {}

        /**
         * Bytes from the peer. The filter may consume from the front by moving the reader index;
         * the chain keeps ownership.
         */
        default Status onData(ByteBuf data, boolean end) {
            return Status.CONTINUE;
        }

        /** Whether {@link #onWrite} is to be called; asked once, after {@link #attach}. */
        default boolean seesWrites() {
            return false;
        }

        /**
         * Bytes to the peer, from the filters behind; those nearer to the peer see them after this
         * one. The filter may consume from the front by moving the reader index; the chain keeps
         * ownership, and the bytes may be shared: to change them it consumes them, injects others
         * and stops. What it keeps to inject later is lost when the connection is closed first, as
         * in Envoy.
         */
        default Status onWrite(ByteBuf data, boolean end) {
            return Status.CONTINUE;
        }

        /** Last call but {@link #tell}. */
        default void onClosed(ConnectionEvent event) {}

        /**
         * The connection has ended and the listener's access log is about to show it: adds what
         * this filter has to say, as the flag of why it closed it.
         */
        default void tell(StreamInfo stream) {}
    }

    /**
     * The last filter: an HTTP connection manager, a TCP proxy, a responder. Once the filters
     * before it let the connection through it receives all events, starting with {@code
     * onNewConnection}. {@code onClosed} comes in any case.
     */
    non-sealed interface Terminal extends NetworkFilter, ConnectionHandler {

        /** First call: the filters before it have not been asked yet. */
        default void onAttached() {}

        /** The connection is about to be reset: memory is short, and it holds more than others. */
        default void onShed() {}

        /**
         * The process is about to end and waits for what runs: a connection that can be asked to
         * leave should, and one on which nothing runs leave by itself.
         *
         * @param idleMillis for the latter, at most
         */
        default void onShutdown(long idleMillis) {}

        /**
         * The listener, or the filter chain, of the connection drains. Called when that begins, or
         * after {@link #onAttached} where it has begun.
         *
         * @param leftMillis until the drain ends
         * @param totalMillis that it takes as a whole
         */
        default void onDrain(long leftMillis, long totalMillis) {}

        /**
         * What the listener's access log is to show of this connection (flags, details, upstream),
         * or null where that is told elsewhere.
         */
        default @Nullable StreamInfo stream() {
            return null;
        }
    }
}

package dev.attache.proxy.http;

/** The server side of a codec. Created by the codec's factory over an installed connection. */
public interface ServerHttpConnection extends HttpConnection {

    /** Who takes the requests. */
    interface Listener {

        /** A new request begins; its head follows at once into the returned sink. */
        RequestSink onStream(HttpStream response);

        /** The peer sent GOAWAY. */
        default void onGoAway() {}

        /** HTTP/2: {@link #onConnectionError} follows; streams have not been reset yet. */
        default void onBreaking() {}

        /**
         * The connection broke a rule and cannot go on; the codec has sent what the protocol wants
         * (GOAWAY) and streams have been reset. The receiver closes the connection.
         *
         * <p>HTTP/1 calls it for a flood only: its other errors are answered through {@link
         * RequestSink#protocolError}.
         *
         * @param details e.g. {@code http2_ping_timeout}, logged as termination details
         * @param flood true where a flood limit was hit: nothing was sent, and nothing should be
         *     flushed
         */
        void onConnectionError(String details, boolean flood);
    }
}

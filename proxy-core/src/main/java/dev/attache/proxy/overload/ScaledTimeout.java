package dev.attache.proxy.overload;

/** A timeout that {@code reduce_timeouts} may shorten. Named as in its configuration. */
public enum ScaledTimeout {
    /** A downstream HTTP connection without streams. */
    HTTP_DOWNSTREAM_CONNECTION_IDLE,
    /** A downstream HTTP stream on which nothing moves. */
    HTTP_DOWNSTREAM_STREAM_IDLE,
    /** Transport-level negotiation of a downstream connection. */
    TRANSPORT_SOCKET_CONNECT,
    /** The life of a downstream HTTP connection. */
    HTTP_DOWNSTREAM_CONNECTION_MAX,
    /** A downstream codec that writes out the rest of an ended stream. */
    HTTP_DOWNSTREAM_STREAM_FLUSH
}

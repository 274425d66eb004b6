package dev.attache.proxy.connection;

/** How the local side closes, Envoy's {@code ConnectionCloseType}. */
public enum CloseType {
    /** Send what the socket takes at once, drop the rest, send FIN. */
    NO_FLUSH,
    /** Send what is buffered, then FIN. */
    FLUSH_WRITE,
    /**
     * Send what is buffered, shut down writing, and give the peer {@code delayed_close_timeout} to
     * close first, so that a reset cannot overtake the last response.
     */
    FLUSH_WRITE_AND_DELAY,
    /**
     * Send what is buffered, and leave the connection as it is, unread, until the peer closes or
     * {@code delayed_close_timeout} is over: for a peer that broke the protocol. Told at once that
     * it was thrown out, it would be back at once.
     */
    FLUSH_WRITE_AND_HOLD,
    /** Drop unsent bytes, send RST. */
    ABORT_RESET
}

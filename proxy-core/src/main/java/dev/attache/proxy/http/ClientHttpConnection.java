package dev.attache.proxy.http;

/** The client side of a codec: requests go out, responses come back. */
public interface ClientHttpConnection extends HttpConnection {

    /** The pool that owns it. */
    interface Listener {

        /** The peer wants no new streams; those in flight go on. */
        void onGoAway();

        /** The peer's SETTINGS_MAX_CONCURRENT_STREAMS as it is now. */
        void onMaxConcurrentStreams(long max);

        /** A stream has ended either way; HTTP/1: the connection can take the next request. */
        void onStreamEnd(HttpStream stream, boolean reusable);

        /** An HTTP/2 stream ends by a reset, ours or the peer's; {@link #onStreamEnd} follows. */
        default void onStreamReset(ResetReason why) {}

        /** An HTTP/1 exchange is given up with its connection; {@link #onStreamEnd} follows. */
        default void onBrokenOff() {}

        /** The connection broke a rule; the owner closes it. */
        void onConnectionError(String details);
    }

    /**
     * Opens a stream; {@code response} gets what comes back. HTTP/1: only when no other is active.
     */
    HttpStream newStream(HttpSink response);

    /** How many streams may be open at once, by our option and the peer's SETTINGS. */
    long maxConcurrentStreams();
}

package dev.attache.xds.stream;

/**
 * Hears what becomes of the connections and streams of a transport, to count it. Called on the main
 * loop, in order.
 */
public interface TransportEvents {

    /** Counts nothing. */
    TransportEvents NONE = new TransportEvents() {};

    /** A connection is being made. */
    default void connecting() {}

    /** It is there. */
    default void connected(long tookMillis) {}

    /** It did not come about. */
    default void connectFailed() {}

    /** It has ended. */
    default void closed(boolean byPeer, long livedMillis) {}

    default void received(long bytes) {}

    default void sent(long bytes) {}

    /** A stream is wanted; it begins once there is a connection. */
    default void streamWanted() {}

    /** The stream can be written to: so there is a connection. Comes again and again. */
    default void streamReady() {}

    /** The peer has answered the stream with its headers. */
    default void streamAnswered() {}

    /**
     * The peer, or what failed on the way to it, has ended a stream; {@link #streamEnded} follows.
     *
     * @param code gRPC's
     */
    default void streamClosed(int code) {}

    default void streamEnded() {}
}

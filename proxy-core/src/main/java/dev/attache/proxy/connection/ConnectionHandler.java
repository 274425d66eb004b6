package dev.attache.proxy.connection;

import io.netty.buffer.ByteBuf;

/**
 * Who a connection's events go to: a codec, a network filter chain, a TCP pump. Called on the
 * connection's loop.
 */
public interface ConnectionHandler extends WatermarkListener {

    /**
     * An accepted connection has its handler; a TLS handshake may still be to come. What is written
     * waits for it. Comes once, before {@link #onConnected()}; not on dialled connections.
     */
    default void onNewConnection() {}

    /** Usable: connected, and the TLS handshake, if any, is finished. Comes before any data. */
    default void onConnected() {}

    /**
     * Bytes from the peer; the callee owns and releases {@code data} (it may be empty when only
     * {@code end} is news).
     *
     * @param end the peer will send no more (FIN or close_notify); only where half-close is enabled
     */
    void onData(ByteBuf data, boolean end);

    /** The socket has no more bytes at the moment: a good time to act on what has gathered. */
    default void onReadComplete() {}

    /** Last event. {@link ConnectionInfo#terminationDetails()} says more. */
    void onClosed(ConnectionEvent event);

    @Override
    default void onAboveHighWatermark() {}

    @Override
    default void onBelowLowWatermark() {}
}

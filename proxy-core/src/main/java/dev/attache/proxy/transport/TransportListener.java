package dev.attache.proxy.transport;

/**
 * Who waits for a transport to become usable. Exactly one of the two calls comes, on the channel's
 * loop, unless the channel closes first.
 */
public interface TransportListener {

    /** Application data may flow; TLS names are in the connection's info. */
    void onTransportReady();

    /**
     * The handshake failed. The reason is in {@code ConnectionInfo.transportFailureReason()}; the
     * channel is being closed.
     */
    void onTransportFailed();
}

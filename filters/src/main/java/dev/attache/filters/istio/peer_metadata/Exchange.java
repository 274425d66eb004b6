package dev.attache.filters.istio.peer_metadata;

/** What the request of a stream has brought, which decides what its response says. */
final class Exchange {
    boolean idReceived;
    boolean peerReceived;
}

package dev.attache.proxy.listener.spec;

/**
 * {@code envoy.bootstrap.internal_listener}: without it there are no internal listeners. Immutable.
 *
 * @param bufferBytes of each direction of a connection to one: with that much unread, the writer
 *     waits
 */
public record InternalListenerSettings(int bufferBytes) {}

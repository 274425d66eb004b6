package dev.attache.filters.bootstrap.internal_listener;

/**
 * Size of the buffers between two ends of an internal connection.
 *
 * @param bufferSizeKb Envoy's default is 1024
 */
public record InternalListenerSpec(int bufferSizeKb) {}

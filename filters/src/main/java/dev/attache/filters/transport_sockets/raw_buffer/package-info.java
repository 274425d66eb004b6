/**
 * {@code envoy.transport_sockets.raw_buffer}: bytes as they are.
 *
 * <p>Type URL {@code envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}, on both sides.
 * Stable.
 */
@NullMarked
package dev.attache.filters.transport_sockets.raw_buffer;

import org.jspecify.annotations.NullMarked;

/**
 * Gathers whole requests before they go on, {@code envoy.extensions.filters.http.buffer.v3.Buffer},
 * with {@code BufferPerRoute} (Envoy's page: "Buffer"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.buffer;

import org.jspecify.annotations.NullMarked;

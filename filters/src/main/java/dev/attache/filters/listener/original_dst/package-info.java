/**
 * {@code envoy.filters.listener.original_dst}: restores the destination of a redirected connection.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.original_dst.v3.OriginalDst}.
 */
@NullMarked
package dev.attache.filters.listener.original_dst;

import org.jspecify.annotations.NullMarked;

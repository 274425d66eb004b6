/**
 * {@code envoy.filters.listener.original_src}: what a connection causes upstream comes from the
 * client's address.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.original_src.v3.OriginalSrc}. Status:
 * complete; the ports of upstream connections are the system's choice, as in Envoy.
 */
@NullMarked
package dev.attache.filters.listener.original_src;

import org.jspecify.annotations.NullMarked;

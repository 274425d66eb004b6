/**
 * {@code envoy.filters.network.connection_limit}: at most so many connections of a filter chain at
 * a time; the others are closed, after a delay where one is set.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit}. {@code
 * runtime_enabled} is read when the configuration is.
 */
@NullMarked
package dev.attache.filters.network.connection_limit;

import org.jspecify.annotations.NullMarked;

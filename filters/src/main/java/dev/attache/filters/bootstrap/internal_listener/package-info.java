/**
 * {@code envoy.bootstrap.internal_listener}: asks for user-space connections between listeners.
 *
 * <p>Type URL {@code envoy.extensions.bootstrap.internal_listener.v3.InternalListener}. Accepted,
 * because every Istio bootstrap carries it; internal listeners themselves are refused until they
 * are built.
 */
@NullMarked
package dev.attache.filters.bootstrap.internal_listener;

import org.jspecify.annotations.NullMarked;

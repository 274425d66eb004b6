/**
 * {@code envoy.bootstrap.internal_listener}: user-space connections between listeners of a process.
 *
 * <p>Type URL {@code envoy.extensions.bootstrap.internal_listener.v3.InternalListener}. Stable.
 */
@NullMarked
package dev.attache.filters.bootstrap.internal_listener;

import org.jspecify.annotations.NullMarked;

/**
 * {@code envoy.load_balancing_policies.ring_hash}, type URL {@code
 * envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash}.
 */
@NullMarked
package dev.attache.filters.load_balancing.ring_hash;

import org.jspecify.annotations.NullMarked;

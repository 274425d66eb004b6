/**
 * {@code envoy.load_balancing_policies.round_robin}, type URL {@code
 * envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin}.
 */
@NullMarked
package dev.attache.filters.load_balancing.round_robin;

import org.jspecify.annotations.NullMarked;

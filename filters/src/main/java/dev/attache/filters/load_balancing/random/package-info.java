/**
 * {@code envoy.load_balancing_policies.random}, type URL {@code
 * envoy.extensions.load_balancing_policies.random.v3.Random}.
 */
@NullMarked
package dev.attache.filters.load_balancing.random;

import org.jspecify.annotations.NullMarked;

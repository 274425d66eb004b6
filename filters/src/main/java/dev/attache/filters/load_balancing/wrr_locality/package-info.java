/**
 * {@code envoy.load_balancing_policies.wrr_locality}, type URL {@code
 * envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality}.
 */
@NullMarked
package dev.attache.filters.load_balancing.wrr_locality;

import org.jspecify.annotations.NullMarked;

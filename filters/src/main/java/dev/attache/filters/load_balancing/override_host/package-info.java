/**
 * {@code envoy.load_balancing_policies.override_host}, type URL {@code
 * envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost}: hosts that a header or
 * dynamic metadata names, one for each attempt, before a policy picks. Honoured whole.
 */
@NullMarked
package dev.attache.filters.load_balancing.override_host;

import org.jspecify.annotations.NullMarked;

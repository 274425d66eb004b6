/**
 * {@code envoy.load_balancing_policies.least_request}, type URL {@code
 * envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest}.
 */
@NullMarked
package dev.attache.filters.load_balancing.least_request;

import org.jspecify.annotations.NullMarked;

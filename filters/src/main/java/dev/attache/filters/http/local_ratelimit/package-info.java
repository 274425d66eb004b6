/**
 * {@code envoy.filters.http.local_ratelimit}, {@code
 * envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit}, in the chain and per route
 * (Envoy's page: "Local rate limit"): requests take tokens from a bucket of this process, or of
 * their connection, and from those of the descriptors that they match.
 *
 * <p>A bucket belongs to its configuration: it lives on through updates that leave the filter
 * chain, or the route configuration, as it is. Status: complete; runtime keys are read when the
 * configuration is.
 */
@NullMarked
package dev.attache.filters.http.local_ratelimit;

import org.jspecify.annotations.NullMarked;

/**
 * {@code envoy.filters.network.local_ratelimit}, {@code
 * envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit}: connections of a filter
 * chain take tokens from a bucket; those for which there is none are closed. Filters of the same
 * {@code share_key} and the same bucket draw from one, which outlives the configurations that use
 * it. Status: complete; runtime keys are read when the configuration is.
 */
@NullMarked
package dev.attache.filters.network.local_ratelimit;

import org.jspecify.annotations.NullMarked;

/**
 * Asking a rate limit service ({@code envoy.service.ratelimit.v3.RateLimitService}), for filters of
 * requests and of connections.
 */
@NullMarked
package dev.attache.filters.ratelimit;

import org.jspecify.annotations.NullMarked;

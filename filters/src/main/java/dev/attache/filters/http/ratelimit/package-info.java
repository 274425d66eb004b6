/**
 * {@code envoy.filters.http.ratelimit}, {@code
 * envoy.extensions.filters.http.ratelimit.v3.RateLimit} and {@code RateLimitPerRoute} (Envoy's
 * page: "Rate limit"): a service is told what a request counts as, and says whether it is too much.
 *
 * <p>Descriptors are made by the actions of the route's and virtual host's {@code rate_limits}, of
 * this filter's, or of the route's settings of it. Those with {@code apply_on_stream_done} are told
 * when the stream is over, by a call that nobody waits for. Status: complete; runtime keys are read
 * when the configuration is.
 */
@NullMarked
package dev.attache.filters.http.ratelimit;

import org.jspecify.annotations.NullMarked;

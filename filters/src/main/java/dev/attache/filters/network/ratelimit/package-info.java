/**
 * {@code envoy.filters.network.ratelimit}, {@code
 * envoy.extensions.filters.network.ratelimit.v3.RateLimit} (Envoy's page: "Rate limit"): a service
 * is asked about each connection before anybody behind sees it. Status: complete; runtime keys are
 * read when the configuration is.
 */
@NullMarked
package dev.attache.filters.network.ratelimit;

import org.jspecify.annotations.NullMarked;

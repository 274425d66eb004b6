/**
 * Cross-origin resource sharing: {@code envoy.extensions.filters.http.cors.v3.Cors} in the chain
 * and {@code CorsPolicy} on route configurations, virtual hosts and routes (Envoy's page: "CORS").
 * Where no level has a policy, the deprecated {@code cors} fields of virtual host and route action
 * count. Status: complete; runtime keys are read when the configuration is.
 */
@NullMarked
package dev.attache.filters.http.cors;

import org.jspecify.annotations.NullMarked;

/**
 * Cross-origin resource sharing, {@code envoy.extensions.filters.http.cors.v3.Cors} (Envoy's page:
 * "CORS"). Status: the filter without a policy, as istiod puts into every chain, is accepted and
 * does nothing, which is what it does in Envoy. Policies on routes are refused with their field.
 */
@NullMarked
package dev.attache.filters.http.cors;

import org.jspecify.annotations.NullMarked;

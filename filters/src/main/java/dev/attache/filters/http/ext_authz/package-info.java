/**
 * Asks an external service whether a request may pass, {@code
 * envoy.extensions.filters.http.ext_authz.v3.ExtAuthz} with {@code ExtAuthzPerRoute} (Envoy's page:
 * "External Authorization"). Decisions may be kept for a while, which Envoy does not do: {@link
 * dev.attache.filters.http.ext_authz.DecisionCache}.
 */
@NullMarked
package dev.attache.filters.http.ext_authz;

import org.jspecify.annotations.NullMarked;

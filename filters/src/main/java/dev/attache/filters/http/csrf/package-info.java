/**
 * Turns away requests that change something and come from a page of another origin, {@code
 * envoy.extensions.filters.http.csrf.v3.CsrfPolicy}, in the chain and per route (Envoy's page:
 * "CSRF"). Status: complete; runtime keys are read when the configuration is.
 */
@NullMarked
package dev.attache.filters.http.csrf;

import org.jspecify.annotations.NullMarked;

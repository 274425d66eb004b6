/**
 * {@code envoy.filters.http.jwt_authn}: requests need a JSON Web Token of a provider, as their
 * route, a rule or an object of another filter demands.
 *
 * <p>A {@link Requirement} is configuration; what becomes of it for one request is a {@link Check}.
 * What workers keep, keys and verified tokens, is in {@link ProviderState}.
 */
@NullMarked
package dev.attache.filters.http.jwt_authn;

import org.jspecify.annotations.NullMarked;

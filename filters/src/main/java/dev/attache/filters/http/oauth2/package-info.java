/**
 * Login of browsers by an authorization server, {@code
 * envoy.extensions.filters.http.oauth2.v3.OAuth2} with {@code OAuth2PerRoute} (Envoy's page:
 * "OAuth2"; RFC 6749, RFC 7636): who has no session is sent to the server, comes back with a code
 * that is exchanged for tokens, and keeps these in cookies, which Envoy and this proxy read and
 * write alike. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.oauth2;

import org.jspecify.annotations.NullMarked;

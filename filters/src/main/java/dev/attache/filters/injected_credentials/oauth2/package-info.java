/**
 * {@code envoy.http.injected_credentials.oauth2}: access tokens by the grant of client credentials
 * (RFC 6749, section 4.4), fetched by the main loop before the old one ends ({@code
 * envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2}). Status: complete, for listeners.
 */
@NullMarked
package dev.attache.filters.injected_credentials.oauth2;

import org.jspecify.annotations.NullMarked;

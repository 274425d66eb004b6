/**
 * Lets in who shows a known key, {@code envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuth}
 * and {@code ApiKeyAuthPerRoute} (Envoy's page: "API Key Auth"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.api_key_auth;

import org.jspecify.annotations.NullMarked;

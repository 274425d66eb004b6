/**
 * {@code envoy.http.injected_credentials.generic}: a secret, from the configuration or by SDS, as
 * it stands ({@code envoy.extensions.http.injected_credentials.generic.v3.Generic}). Status:
 * complete.
 */
@NullMarked
package dev.attache.filters.injected_credentials.generic;

import org.jspecify.annotations.NullMarked;

/**
 * Lets in who knows a name and its password, {@code
 * envoy.extensions.filters.http.basic_auth.v3.BasicAuth} and {@code BasicAuthPerRoute} (Envoy's
 * page: "Basic Auth"; RFC 7617). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.basic_auth;

import org.jspecify.annotations.NullMarked;

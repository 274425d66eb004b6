/**
 * Asks for a client certificate that was verified, and for its names, {@code
 * envoy.extensions.rbac.principals.mtls_authenticated.v3.Config}.
 */
@NullMarked
package dev.attache.filters.rbac.principals.mtls_authenticated;

import org.jspecify.annotations.NullMarked;

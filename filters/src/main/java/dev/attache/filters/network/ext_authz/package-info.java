/**
 * Asks an external service whether a connection may pass, once its first bytes have come, {@code
 * envoy.extensions.filters.network.ext_authz.v3.ExtAuthz} (Envoy's page: "External Authorization").
 */
@NullMarked
package dev.attache.filters.network.ext_authz;

import org.jspecify.annotations.NullMarked;

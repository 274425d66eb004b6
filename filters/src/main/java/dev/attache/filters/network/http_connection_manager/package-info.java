/**
 * {@code envoy.filters.network.http_connection_manager}: HTTP on a connection.
 *
 * <p>Type URL {@code
 * envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager}. Scoped
 * routes, HTTP/3 and tracing are refused.
 */
@NullMarked
package dev.attache.filters.network.http_connection_manager;

import org.jspecify.annotations.NullMarked;

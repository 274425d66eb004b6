/**
 * {@code envoy.filters.listener.proxy_protocol}: PROXY headers of versions 1 and 2.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol}.
 */
@NullMarked
package dev.attache.filters.listener.proxy_protocol;

import org.jspecify.annotations.NullMarked;

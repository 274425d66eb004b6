/**
 * {@code envoy.filters.network.sni_dynamic_forward_proxy}: a connection waits until the name that
 * its client has said by SNI, or that filters have said, is resolved; the TCP proxy behind it goes
 * to a cluster of type {@code envoy.clusters.dynamic_forward_proxy}, which has a host for it then.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig}.
 * Complete.
 */
@NullMarked
package dev.attache.filters.network.sni_dynamic_forward_proxy;

import org.jspecify.annotations.NullMarked;

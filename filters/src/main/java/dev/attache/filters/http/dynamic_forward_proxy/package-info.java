/**
 * {@code envoy.filters.http.dynamic_forward_proxy}: a request goes to whom it names. The filter
 * holds it until its name is resolved; a cluster of type {@code
 * envoy.clusters.dynamic_forward_proxy} has a host for the name then.
 *
 * <p>Type URL {@code envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig}. Without
 * clusters of their own for names ({@code sub_cluster_config}).
 */
@NullMarked
package dev.attache.filters.http.dynamic_forward_proxy;

import org.jspecify.annotations.NullMarked;

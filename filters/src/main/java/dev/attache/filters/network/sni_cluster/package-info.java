/**
 * {@code envoy.filters.network.sni_cluster}: the TCP proxy behind it goes to the cluster that is
 * named like the client's SNI.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.sni_cluster.v3.SniCluster}. Complete.
 */
@NullMarked
package dev.attache.filters.network.sni_cluster;

import org.jspecify.annotations.NullMarked;

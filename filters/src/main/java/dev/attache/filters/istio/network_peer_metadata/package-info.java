/**
 * Who is at the other end of a tunnel, for filters before it: {@code
 * envoy.extensions.network_filters.peer_metadata.Config} on the internal listener that makes the
 * tunnel, {@code UpstreamConfig} on the clusters that lead to it (Envoy's contrib/istio, {@code
 * network/peer_metadata}). What the first one learns of the CONNECT response it sends ahead of the
 * data, and the second takes it out again: both are in this process. Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.network_peer_metadata;

import org.jspecify.annotations.NullMarked;

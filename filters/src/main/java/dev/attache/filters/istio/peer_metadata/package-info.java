/**
 * Istio's {@code istio.metadata_exchange} for HTTP, {@code io.istio.http.peer_metadata.Config}: who
 * is at the other end of a request, as filter state for telemetry and policies (Envoy's
 * contrib/istio, {@code peer_metadata}). Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.peer_metadata;

import org.jspecify.annotations.NullMarked;

/**
 * Istio's {@code istio.metadata_exchange} for TCP, {@code
 * envoy.tcp.metadataexchange.config.MetadataExchange}: where TLS has agreed on {@code
 * istio-peer-exchange} both ends say who they are before they speak, on accepted connections and on
 * those of a cluster (Envoy's contrib/istio, {@code metadata_exchange}). Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.metadata_exchange;

import org.jspecify.annotations.NullMarked;

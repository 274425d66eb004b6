/**
 * gRPC statistics, {@code envoy.extensions.filters.http.grpc_stats.v3.FilterConfig} (Envoy's page:
 * "gRPC Statistics"): requests by status and messages, by cluster and by method, the upstream's
 * time, and the counts as filter state. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.grpc_stats;

import org.jspecify.annotations.NullMarked;

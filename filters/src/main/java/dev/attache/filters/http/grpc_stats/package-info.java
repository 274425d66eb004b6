/**
 * gRPC statistics, {@code envoy.extensions.filters.http.grpc_stats.v3.FilterConfig} (Envoy's page:
 * "gRPC Statistics"). Counts requests, successes and failures below {@code cluster.<name>.grpc.};
 * refuses what it does not count, by field.
 */
@NullMarked
package dev.attache.filters.http.grpc_stats;

import org.jspecify.annotations.NullMarked;

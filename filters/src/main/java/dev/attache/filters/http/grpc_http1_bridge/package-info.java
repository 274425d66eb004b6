/**
 * HTTP/1 clients before gRPC servers, {@code
 * envoy.extensions.filters.http.grpc_http1_bridge.v3.Config} (Envoy's page: "gRPC HTTP/1.1
 * bridge"): the response is whole before it goes, and its head says what its trailers did. Status:
 * complete.
 */
@NullMarked
package dev.attache.filters.http.grpc_http1_bridge;

import org.jspecify.annotations.NullMarked;

/**
 * gRPC clients before HTTP/1 servers, {@code
 * envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfig}, with {@code
 * FilterConfigPerRoute} (Envoy's page: "gRPC HTTP/1.1 reverse bridge"): the server sees a content
 * type of its own, and messages without frames if it is to. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.grpc_http1_reverse_bridge;

import org.jspecify.annotations.NullMarked;

/**
 * gRPC-Web for browsers before gRPC servers, {@code
 * envoy.extensions.filters.http.grpc_web.v3.GrpcWeb} (Envoy's page: "gRPC-Web"; the protocol:
 * "PROTOCOL-WEB"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.grpc_web;

import org.jspecify.annotations.NullMarked;

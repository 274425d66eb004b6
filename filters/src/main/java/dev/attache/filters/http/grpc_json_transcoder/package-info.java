/**
 * JSON over HTTP for gRPC services, {@code
 * envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder}, in the chain and for a
 * route (Envoy's page: "gRPC-JSON transcoder"). Status: complete.
 *
 * <p>{@code schema} reads the descriptors that configuration brings, {@code path} finds the method
 * of a request, {@code json} translates; the filter here gives messages their other shape.
 */
@NullMarked
package dev.attache.filters.http.grpc_json_transcoder;

import org.jspecify.annotations.NullMarked;

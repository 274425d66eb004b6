/**
 * Requests that the proxy itself makes to a cluster, on the worker that wants to know: HTTP and
 * gRPC, whole or streamed, by Envoy's async client's rules. Retries and what is counted of them are
 * the router's too, which is why they live here. Facts: {@code
 * source/common/http/async_client_impl.cc}, {@code source/common/grpc/async_client_impl.cc}.
 */
@NullMarked
package dev.attache.proxy.call;

import org.jspecify.annotations.NullMarked;

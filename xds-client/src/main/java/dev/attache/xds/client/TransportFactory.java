package dev.attache.xds.client;

import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.GrpcService;

/**
 * Knows how to reach a gRPC service: by the cluster it names ({@code envoy_grpc}) or by its target
 * URI ({@code google_grpc}). Provided by the proxy, which knows clusters and TLS.
 */
@FunctionalInterface
public interface TransportFactory {

    /**
     * A transport of its own for one stream.
     *
     * @throws ConfigSourceException if the service cannot be used
     */
    XdsTransport create(GrpcService service);
}

package dev.attache.server.source;

import dev.attache.xds.stream.StreamListener;
import dev.attache.xds.stream.XdsStream;
import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Transports that serve several subscriptions of one service, as secrets of a mesh: one connection,
 * as in Envoy, closed by the last that leaves. Main loop only.
 */
final class SharedTransports {

    private final Map<GrpcService, Shared> byService = new HashMap<>();

    private static final class Shared {
        private final XdsTransport transport;
        private int leases;

        Shared(XdsTransport transport) {
            this.transport = transport;
        }
    }

    /**
     * A hold on the transport of a service.
     *
     * @param maker of the transport, where there is none yet
     */
    XdsTransport lease(GrpcService service, Supplier<XdsTransport> maker) {
        Shared shared = byService.computeIfAbsent(service, none -> new Shared(maker.get()));
        shared.leases++;
        return new Lease(service, shared);
    }

    private final class Lease implements XdsTransport {
        private final GrpcService service;
        private final Shared shared;
        private boolean closed;

        Lease(GrpcService service, Shared shared) {
            this.service = service;
            this.shared = shared;
        }

        @Override
        public String name() {
            return shared.transport.name();
        }

        @Override
        public <Q, R> XdsStream<Q> open(MethodDescriptor<Q, R> method, StreamListener<R> listener) {
            return shared.transport.open(method, listener);
        }

        /** Whoever holds it has ended its own stream before. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                if (--shared.leases == 0) {
                    byService.remove(service, shared);
                    shared.transport.close();
                }
            }
        }
    }
}

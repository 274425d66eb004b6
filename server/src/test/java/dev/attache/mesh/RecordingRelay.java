package dev.attache.mesh;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stands between a proxy and istiod, passes on what both say and keeps what istiod says. */
final class RecordingRelay extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable {
    private static final long QUIET_NANOS = 2_000_000_000L;

    private final ManagedChannel channel;
    private final LoopbackGrpc server;
    private final List<Message> responses = new ArrayList<>();
    private long last = System.nanoTime();

    RecordingRelay(int istiod) throws IOException {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", istiod)
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build();
        server = new LoopbackGrpc(this);
    }

    int port() {
        return server.port();
    }

    /** Whether istiod has said something, and nothing for a while. */
    synchronized boolean quiet() {
        return !responses.isEmpty() && System.nanoTime() - last > QUIET_NANOS;
    }

    synchronized List<Message> responses() {
        return List.copyOf(responses);
    }

    private synchronized void keep(Message response) {
        responses.add(response);
        last = System.nanoTime();
    }

    private AggregatedDiscoveryServiceStub istiod() {
        return AggregatedDiscoveryServiceGrpc.newStub(channel);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> proxy) {
        return istiod().deltaAggregatedResources(new Passing<>(proxy));
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> proxy) {
        return istiod().streamAggregatedResources(new Passing<>(proxy));
    }

    private final class Passing<T extends Message> implements StreamObserver<T> {
        private final StreamObserver<T> proxy;

        Passing(StreamObserver<T> proxy) {
            this.proxy = proxy;
        }

        @Override
        public void onNext(T response) {
            keep(response);
            proxy.onNext(response);
        }

        @Override
        public void onError(Throwable gone) {
            proxy.onError(gone);
        }

        @Override
        public void onCompleted() {
            proxy.onCompleted();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}

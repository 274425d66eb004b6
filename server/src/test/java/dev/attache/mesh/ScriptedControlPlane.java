package dev.attache.mesh;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane that writes down what it is asked and sends what a test says. */
final class ScriptedControlPlane
        extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable, ServerInterceptor {

    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final LoopbackGrpc server;
    private volatile String headers = "";
    private volatile @Nullable StreamObserver<DiscoveryResponse> stream;
    private volatile @Nullable StreamObserver<DeltaDiscoveryResponse> delta;

    ScriptedControlPlane() throws IOException {
        server = new LoopbackGrpc(this, this);
    }

    int port() {
        return server.port();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("clusterid", "x_test", "authorization")) {
            String value = sent.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
            text.append(' ').append(name).append('=').append(value);
        }
        headers = text.toString();
        return next.startCall(call, sent);
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> responses) {
        stream = responses;
        return new Requests<>(responses);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        delta = responses;
        return new Requests<>(responses);
    }

    /** Writes down what comes. */
    private final class Requests<T extends Message> implements StreamObserver<T> {
        private final StreamObserver<?> responses;

        Requests(StreamObserver<?> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(T request) {
            requests.add(DiscoveryText.of(request));
        }

        @Override
        public void onError(Throwable failure) {
            // The proxy's stream has been replaced.
        }

        @Override
        public void onCompleted() {
            responses.onCompleted();
        }
    }

    /** The next requests, with what their stream's headers were. */
    List<String> requests(int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add("asked " + requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) + headers);
        }
        return next;
    }

    void send(String type, String nonce, ByteString resource) {
        StreamObserver<DiscoveryResponse> current = stream;
        if (current == null) {
            throw new IllegalStateException("nobody has asked");
        }
        current.onNext(
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(type)
                        .setVersionInfo("v" + nonce)
                        .setNonce(nonce)
                        .addResources(AgentRelayIT.any(type, resource))
                        .build());
    }

    void send(DeltaDiscoveryResponse response) {
        StreamObserver<DeltaDiscoveryResponse> current = delta;
        if (current == null) {
            throw new IllegalStateException("nobody has asked");
        }
        current.onNext(response);
    }

    /** Ends the last stream with a failure. */
    void fail() {
        last().onError(Status.RESOURCE_EXHAUSTED.withDescription("too many").asRuntimeException());
    }

    /** Ends the last stream as one does that is served. */
    void complete() {
        last().onCompleted();
    }

    private StreamObserver<?> last() {
        return Objects.requireNonNull(delta != null ? delta : stream);
    }

    @Override
    public void close() {
        server.close();
    }
}

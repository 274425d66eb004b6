package dev.attache.agent.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A control plane that writes requests down; what it sends is the test's. Any thread. */
final class ScriptedControlPlane
        extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile boolean takesNothing;
    private volatile @Nullable ServerCallStreamObserver<DiscoveryResponse> sotw;
    private volatile @Nullable ServerCallStreamObserver<DeltaDiscoveryResponse> delta;

    /** From the next stream on nothing is read but what the test asks for. */
    void takeNothing() {
        takesNothing = true;
    }

    /** The next request, of any stream. */
    Message next() throws InterruptedException {
        Message next = requests.poll(RelayLab.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    /** The last stream of the state of the world. */
    ServerCallStreamObserver<DiscoveryResponse> sotw() {
        return Objects.requireNonNull(sotw, "nobody has asked");
    }

    /** The last stream of changes. */
    ServerCallStreamObserver<DeltaDiscoveryResponse> delta() {
        return Objects.requireNonNull(delta, "nobody has asked");
    }

    /** How many streams there are. */
    int open() {
        return open.get();
    }

    /** How many streams were cancelled. */
    int cancelled() {
        return cancelled.get();
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> responses) {
        sotw = (ServerCallStreamObserver<DiscoveryResponse>) responses;
        return noting(sotw());
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        delta = (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
        return noting(delta());
    }

    private <Q extends Message> StreamObserver<Q> noting(ServerCallStreamObserver<?> call) {
        open.incrementAndGet();
        if (takesNothing) {
            call.disableAutoRequest();
        }
        call.setOnCancelHandler(() -> {
            cancelled.incrementAndGet();
            open.decrementAndGet();
        });
        return new StreamObserver<>() {
            @Override
            public void onNext(Q request) {
                requests.add(request);
            }

            @Override
            public void onError(Throwable failure) {
                // The handler of cancellation counts.
            }

            @Override
            public void onCompleted() {
                call.onCompleted();
            }
        };
    }
}

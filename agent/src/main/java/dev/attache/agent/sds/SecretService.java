package dev.attache.agent.sds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Envoy's secret discovery service as Istio's agent serves it: {@code StreamSecrets} only, versions
 * and nonces as there. Any thread; a stream's answers are made on the thread that asks or that
 * brings a change, so that whoever serves it gives it threads that may block.
 */
public final class SecretService extends SecretDiscoveryServiceGrpc.SecretDiscoveryServiceImplBase {

    static final String TYPE =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    private final SecretSource source;
    private final Set<SecretStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicLong versions = new AtomicLong();

    SecretService(SecretSource source) {
        this.source = source;
        source.listen(name -> streams.forEach(stream -> stream.push(name)));
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamSecrets(
            StreamObserver<DiscoveryResponse> answers) {
        SecretStream stream = new SecretStream(this, source, answers);
        streams.add(stream);
        return stream;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaSecrets(
            StreamObserver<DeltaDiscoveryResponse> answers) {
        answers.onError(unimplemented("DeltaSecrets not implemented"));
        return new Unheard<>();
    }

    @Override
    public void fetchSecrets(DiscoveryRequest request, StreamObserver<DiscoveryResponse> answers) {
        answers.onError(unimplemented("FetchSecrets not implemented"));
    }

    void ended(SecretStream stream) {
        streams.remove(stream);
    }

    DiscoveryResponse response(Collection<? extends Message> secrets) {
        List<Any> packed =
                secrets.stream().map(one -> Any.pack(one, "type.googleapis.com")).toList();
        return DiscoveryResponse.newBuilder()
                .setTypeUrl(TYPE)
                .setVersionInfo(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS)
                                + "/"
                                + versions.incrementAndGet())
                .setNonce(UUID.randomUUID().toString())
                .addAllResources(packed)
                .build();
    }

    private static Throwable unimplemented(String words) {
        return Status.UNIMPLEMENTED.withDescription(words).asRuntimeException();
    }

    /** What comes on a stream that was answered already. */
    private static final class Unheard<T> implements StreamObserver<T> {
        @Override
        public void onNext(T request) {
            // the stream has ended: there is nobody to answer
        }

        @Override
        public void onError(Throwable failure) {
            // as above
        }

        @Override
        public void onCompleted() {
            // as above
        }
    }
}

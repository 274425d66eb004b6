package dev.attache.agent.onboard.check;

import dev.attache.agent.control.ConnectionFailure;
import dev.attache.agent.control.ControlPlane;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Opens a stream of configuration as the proxy will, and waits for the first clusters. */
record DiscoveryCheck(ControlPlane server, Node node, Findings findings) {
    private static final int PATIENCE_SECONDS = 20;
    private static final Duration TOLERATED = Duration.ofSeconds(60);
    private static final Metadata.Key<String> DATE =
            Metadata.Key.of("date", Metadata.ASCII_STRING_MARSHALLER);
    private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    void run() throws CheckFailure {
        AtomicReference<@Nullable Metadata> head = new AtomicReference<>();
        ManagedChannel channel;
        try {
            channel = server.open();
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            DiscoveryResponse first = first(channel, head);
            findings.good(
                    Subject.DISCOVERY,
                    "first configuration: %d clusters for %s"
                            .formatted(first.getResourcesCount(), node.getId()));
            clock(head.get());
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new CheckFailure(
                    Subject.DISCOVERY,
                    "the stream is open, but no configuration came within 20 s",
                    "look at istiod's log: it may not have read its own configuration yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure(Subject.DISCOVERY, "interrupted", "run it again");
        } finally {
            channel.shutdownNow();
        }
    }

    private DiscoveryResponse first(
            ManagedChannel channel, AtomicReference<@Nullable Metadata> head)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<DiscoveryResponse> answer = new CompletableFuture<>();
        AtomicReference<@Nullable Metadata> trailers = new AtomicReference<>();
        StreamObserver<DiscoveryRequest> requests =
                AggregatedDiscoveryServiceGrpc.newStub(
                                ClientInterceptors.intercept(
                                        channel,
                                        MetadataUtils.newCaptureMetadataInterceptor(
                                                head, trailers)))
                        .streamAggregatedResources(new First(answer));
        requests.onNext(DiscoveryRequest.newBuilder().setNode(node).setTypeUrl(CLUSTERS).build());
        DiscoveryResponse first = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        requests.onCompleted();
        return first;
    }

    /** istiod says no time; a gateway or proxy before it does. */
    private void clock(@Nullable Metadata head) {
        String date = head == null ? null : head.get(DATE);
        if (date == null) {
            return;
        }
        try {
            Instant theirs =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration apart = Duration.between(theirs, Instant.now());
            if (apart.abs().compareTo(TOLERATED) > 0) {
                findings.doubt(
                        Subject.CLOCK,
                        "this clock and the server's are " + apart.toSeconds() + " s apart");
            }
        } catch (DateTimeException e) {
            findings.doubt(Subject.CLOCK, "the server's date cannot be read: " + date);
        }
    }

    private CheckFailure failed(Throwable cause) {
        ConnectionFailure failure = ConnectionFailure.of(server, cause);
        return new CheckFailure(
                Subject.DISCOVERY,
                "no configuration: " + failure.words(),
                switch (failure.kind()) {
                    case UNAUTHENTICATED, FORBIDDEN ->
                            "istiod wants the identity to be that of the metadata: compare"
                                    + " --namespace, --service-account and the token";
                    case SLOW -> "look at istiod's load and log";
                    default -> "look at istiod's log at this moment";
                });
    }

    private record First(CompletableFuture<DiscoveryResponse> answer)
            implements StreamObserver<DiscoveryResponse> {
        @Override
        public void onNext(DiscoveryResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IOException("the server ended the stream"));
        }
    }
}

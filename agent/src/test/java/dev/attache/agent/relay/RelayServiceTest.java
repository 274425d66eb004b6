package dev.attache.agent.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.agent.metrics.AgentMetrics;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of a proxy through the relay to a control plane that is scripted. */
final class RelayServiceTest {

    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String HEALTH = "type.googleapis.com/istio.v1.HealthInformation";
    private static final int PATIENCE_SECONDS = 20;

    private final AgentMetrics metrics = new AgentMetrics();
    private final List<String> tables = new CopyOnWriteArrayList<>();
    private final ControlPlane control = new ControlPlane();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private Server controlServer;
    private Server relayServer;
    private RelayService relay;

    @AfterEach
    void close() throws Exception {
        if (relay != null) {
            relay.close();
        }
        channels.forEach(ManagedChannel::shutdownNow);
        for (Server server : new Server[] {relayServer, controlServer}) {
            if (server != null) {
                server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
        }
    }

    private void start() throws IOException {
        controlServer = serve(0);
        start(() -> channel(controlServer.getPort()), Duration.ofSeconds(PATIENCE_SECONDS));
    }

    private Server serve(int port) throws IOException {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(control)
                .build()
                .start();
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .disableRetry()
                .build();
    }

    private void start(Upstream upstream, Duration connectTimeout) throws IOException {
        Map<String, OwnResource> own = new LinkedHashMap<>();
        own.put(OwnResource.NAME_TABLE, this::table);
        own.put(OwnResource.PROXY_CONFIG, new MeshRoots(roots -> tables.add("roots " + roots)));
        relay =
                new RelayService(
                        upstream, new RelaySettings("istiod:15010", connectTimeout, own), metrics);
        relayServer =
                InProcessServerBuilder.forName("relay" + System.identityHashCode(this))
                        .addService(relay)
                        .build()
                        .start();
    }

    private void table(byte[] bytes) throws IOException {
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        if (text.startsWith("bad")) {
            throw new IOException("no table: " + text);
        }
        tables.add(text);
    }

    private AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub proxy() {
        ManagedChannel channel =
                InProcessChannelBuilder.forName("relay" + System.identityHashCode(this)).build();
        channels.add(channel);
        return AggregatedDiscoveryServiceGrpc.newStub(channel);
    }

    private static Any any(String type, String value) {
        return Any.newBuilder().setTypeUrl(type).setValue(ByteString.copyFromUtf8(value)).build();
    }

    private static DiscoveryRequest sotw(String type) {
        return DiscoveryRequest.newBuilder().setTypeUrl(type).build();
    }

    private static DiscoveryResponse response(String type, String nonce, String value) {
        return DiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setVersionInfo("v" + nonce)
                .setNonce(nonce)
                .addResources(any(type, value))
                .build();
    }

    private static DeltaDiscoveryRequest delta(String type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type).build();
    }

    @Test
    void resourcesOfTheWorldGoThroughAndTheAgentsOwnDoNot() throws Exception {
        start();
        Received<DiscoveryResponse> received = new Received<>();
        StreamObserver<DiscoveryRequest> requests = proxy().streamAggregatedResources(received);
        DiscoveryRequest first =
                sotw(CLUSTER).toBuilder().addResourceNames("*").setVersionInfo("x").build();
        requests.onNext(first);
        requests.onNext(sotw(LISTENER));
        requests.onNext(sotw(LISTENER));
        assertThat(control.next()).isEqualTo(first);
        assertThat(control.next()).isEqualTo(sotw(LISTENER));
        assertThat(control.next()).isEqualTo(sotw(OwnResource.NAME_TABLE));
        assertThat(control.next()).isEqualTo(sotw(OwnResource.PROXY_CONFIG));
        assertThat(control.next()).isEqualTo(sotw(LISTENER));
        control.sotw.onNext(response(OwnResource.NAME_TABLE, "1", "names"));
        control.sotw.onNext(response("type.googleapis.com/other.Type", "2", "dropped"));
        DiscoveryResponse clusters = response(CLUSTER, "3", "clusters");
        control.sotw.onNext(clusters);
        assertThat(control.next())
                .isEqualTo(
                        sotw(OwnResource.NAME_TABLE).toBuilder()
                                .setVersionInfo("v1")
                                .setResponseNonce("1")
                                .build());
        assertThat(received.next()).isEqualTo(clusters);
        assertThat(tables).containsExactly("names");
        control.sotw.onNext(response(OwnResource.NAME_TABLE, "4", "bad"));
        DiscoveryRequest refusal = (DiscoveryRequest) control.next();
        assertThat(refusal.getErrorDetail().getCode()).isEqualTo(13);
        assertThat(refusal.getErrorDetail().getMessage()).isEqualTo("no table: bad");
        assertThat(refusal.getResponseNonce()).isEqualTo("4");
        assertThat(metrics.print())
                .contains("istio_agent_xds_proxy_requests 7")
                .contains("istio_agent_xds_proxy_responses 4");
        control.sotw.onError(
                Status.RESOURCE_EXHAUSTED.withDescription("too many").asRuntimeException());
        assertThat(received.end()).isEqualTo("RESOURCE_EXHAUSTED too many");
        assertThat(metrics.print())
                .contains("istio_agent_istiod_connection_terminations{type=\"error\"} 1");
    }

    @Test
    void changesGoThroughAndTheAgentsOwnDoNot() throws Exception {
        start();
        Received<DeltaDiscoveryResponse> received = new Received<>();
        StreamObserver<DeltaDiscoveryRequest> requests = proxy().deltaAggregatedResources(received);
        requests.onNext(delta(LISTENER));
        assertThat(control.next()).isEqualTo(delta(LISTENER));
        assertThat(control.next()).isEqualTo(delta(OwnResource.NAME_TABLE));
        assertThat(control.next()).isEqualTo(delta(OwnResource.PROXY_CONFIG));
        control.delta.onNext(changes(OwnResource.NAME_TABLE, "1", "names"));
        assertThat(control.next())
                .isEqualTo(delta(OwnResource.NAME_TABLE).toBuilder().setResponseNonce("1").build());
        control.delta.onNext(changes(OwnResource.PROXY_CONFIG, "2", "\222\002\003abc"));
        control.next();
        assertThat(tables).containsExactly("names", "roots [abc]");
        // Nothing in it, so nothing is said.
        control.delta.onNext(
                changes(OwnResource.NAME_TABLE, "3", "").toBuilder().clearResources().build());
        DeltaDiscoveryResponse listeners = changes(LISTENER, "4", "listeners");
        control.delta.onNext(listeners);
        assertThat(received.next()).isEqualTo(listeners);
        relay.health().report(Health.unwell("down"));
        DeltaDiscoveryRequest unwell = (DeltaDiscoveryRequest) control.next();
        assertThat(unwell.getTypeUrl()).isEqualTo(HEALTH);
        assertThat(unwell.getErrorDetail().getMessage()).isEqualTo("down");
        assertThat(unwell.getErrorDetail().getCode()).isEqualTo(13);
        requests.onCompleted();
        assertThat(received.end()).isEqualTo("completed");
        await(() -> control.cancelled.get() == 1);
    }

    private static DeltaDiscoveryResponse changes(String type, String nonce, String value) {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setNonce(nonce)
                .addResources(
                        Resource.newBuilder()
                                .setName("it")
                                .setVersion("7")
                                .setResource(
                                        Any.newBuilder()
                                                .setTypeUrl(type)
                                                .setValue(
                                                        ByteString.copyFrom(
                                                                value,
                                                                java.nio.charset.StandardCharsets
                                                                        .ISO_8859_1))))
                .build();
    }

    @Test
    void aSecondStreamEndsTheFirstAndHearsOfHealth() throws Exception {
        start();
        relay.health().report(Health.WELL);
        Received<DiscoveryResponse> first = new Received<>();
        proxy().streamAggregatedResources(first).onNext(sotw(CLUSTER));
        control.next();
        relay.health().report(Health.unwell("gone"));
        Received<DiscoveryResponse> second = new Received<>();
        StreamObserver<DiscoveryRequest> requests = proxy().streamAggregatedResources(second);
        assertThat(first.end()).isEqualTo("completed");
        requests.onNext(sotw(LISTENER));
        assertThat(control.next()).isEqualTo(sotw(LISTENER));
        control.next();
        control.next();
        // What was reported before the listeners were asked for comes once, after them.
        DiscoveryRequest health = (DiscoveryRequest) control.next();
        assertThat(health.getTypeUrl()).isEqualTo(HEALTH);
        assertThat(health.getErrorDetail().getMessage()).isEqualTo("gone");
        assertThat(relay.connected()).isTrue();
        relay.close();
        assertThat(second.end()).isEqualTo("UNAVAILABLE the agent ends");
        Received<DiscoveryResponse> late = new Received<>();
        proxy().streamAggregatedResources(late).onNext(sotw(CLUSTER));
        assertThat(late.end()).isEqualTo("UNAVAILABLE the agent ends");
    }

    /** A proxy that takes nothing is owed one response, not all that there are. */
    @Test
    void aSlowProxyHoldsTheControlPlaneBack() throws Exception {
        start();
        Received<DiscoveryResponse> received = new Received<>();
        received.patient = true;
        StreamObserver<DiscoveryRequest> requests = proxy().streamAggregatedResources(received);
        requests.onNext(sotw(CLUSTER));
        control.next();
        String large = "x".repeat(1 << 20);
        int sent = 0;
        ServerCallStreamObserver<DiscoveryResponse> stream = control.sotw;
        long quiet = System.nanoTime();
        while (sent < 500 && System.nanoTime() - quiet < TimeUnit.MILLISECONDS.toNanos(500)) {
            if (stream.isReady()) {
                stream.onNext(response(CLUSTER, "" + sent++, large));
                quiet = System.nanoTime();
            }
            Thread.onSpinWait();
        }
        assertThat(sent).isLessThan(20);
        for (int i = 0; i < sent; i++) {
            received.take();
            assertThat(((DiscoveryResponse) received.next()).getNonce()).isEqualTo("" + i);
        }
    }

    /** A control plane that takes nothing is owed a few requests; the proxy is told to wait. */
    @Test
    void aControlPlaneThatTakesNothingHoldsTheProxyBack() throws Exception {
        control.patient = true;
        start();
        Received<DiscoveryResponse> received = new Received<>();
        StreamObserver<DiscoveryRequest> requests = proxy().streamAggregatedResources(received);
        ClientCallStreamObserver<Message> call = received.call;
        DiscoveryRequest large =
                sotw(CLUSTER).toBuilder().addResourceNames("x".repeat(1 << 20)).build();
        int sent = 0;
        long quiet = System.nanoTime();
        while (sent < 500 && System.nanoTime() - quiet < TimeUnit.MILLISECONDS.toNanos(500)) {
            if (call.isReady()) {
                requests.onNext(large);
                sent++;
                quiet = System.nanoTime();
            }
            Thread.onSpinWait();
        }
        assertThat(sent).isBetween(1, 20);
        control.sotw.request(1000);
        for (int i = 0; i < sent; i++) {
            assertThat(control.next()).isEqualTo(large);
        }
    }

    @Test
    void nobodyListensAndThenSomebodyDoes() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start(() -> channel(port), Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(attempt()).startsWith("UNAVAILABLE");
        assertThat(metrics.print())
                .contains("istio_agent_istiod_connection_terminations{type=\"error\"} 1");
        controlServer = serve(port);
        Received<DiscoveryResponse> received = new Received<>();
        proxy().streamAggregatedResources(received).onNext(sotw(CLUSTER));
        assertThat(control.next()).isEqualTo(sotw(CLUSTER));
        controlServer.shutdownNow();
        assertThat(received.end()).startsWith("CANCELLED");
    }

    private String attempt() throws Exception {
        Received<DiscoveryResponse> received = new Received<>();
        proxy().streamAggregatedResources(received).onNext(sotw(CLUSTER));
        return received.end();
    }

    @Test
    void oneThatAcceptsAndSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            start(() -> channel(mute.getLocalPort()), Duration.ofMillis(200));
            assertThat(attempt())
                    .isEqualTo("UNAVAILABLE no connection to istiod:15010 within 200 ms");
        }
    }

    @Test
    void oneThatClosesAmidAMessage() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            start(() -> channel(broken.getLocalPort()), Duration.ofSeconds(PATIENCE_SECONDS));
            Thread.ofVirtual()
                    .start(() -> {
                        try (var socket = broken.accept()) {
                            // A SETTINGS frame that announces more than it has.
                            socket.getOutputStream()
                                    .write(new byte[] {0, 0, 12, 4, 0, 0, 0, 0, 0, 1});
                        } catch (IOException e) {
                            control.requests.add(sotw(String.valueOf(e)));
                        }
                    });
            assertThat(attempt()).startsWith("UNAVAILABLE");
        }
    }

    @Test
    void whatIsNeededToConnectIsNotThere() throws Exception {
        start(
                () -> {
                    throw new IOException("no root at /x");
                },
                Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(attempt()).isEqualTo("UNAVAILABLE no root at /x");
        assertThat(metrics.print()).contains("istio_agent_istiod_connection_failures 1");
    }

    @Test
    void aThousandStreamsLeaveNothing() throws Exception {
        start();
        var stub = proxy();
        int threads = 0;
        for (int i = 0; i < 1000; i++) {
            Received<DiscoveryResponse> received = new Received<>();
            StreamObserver<DiscoveryRequest> requests = stub.streamAggregatedResources(received);
            requests.onNext(sotw(LISTENER));
            if (i % 3 == 0) {
                received.call.cancel("away", null);
            } else if (i % 3 == 1) {
                requests.onCompleted();
            }
            if (i % 3 != 2) {
                // The others are ended by the next one.
                assertThat(received.next()).as("stream %d", i).isNotNull();
            }
            if (i == 100) {
                threads = Thread.activeCount();
            }
        }
        int allowed = threads + 8;
        await(() -> control.open.get() == 0);
        await(() -> Thread.activeCount() <= allowed);
        assertThat(relay.connected()).isFalse();
    }

    private static void await(BooleanSupplier until) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!until.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(until.getAsBoolean()).isTrue();
    }

    /** What a proxy's stream has received. */
    private static final class Received<R> implements ClientResponseObserver<Message, R> {
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private boolean patient;
        private ClientCallStreamObserver<Message> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<Message> stream) {
            call = stream;
            if (patient) {
                stream.disableAutoRequestWithInitial(0);
            }
        }

        void take() {
            call.request(1);
        }

        @Override
        public void onNext(R value) {
            events.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            events.add(status.getCode() + " " + status.getDescription());
        }

        @Override
        public void onCompleted() {
            events.add("completed");
        }

        Object next() throws InterruptedException {
            return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        String end() throws InterruptedException {
            return String.valueOf(next());
        }
    }

    /** Writes requests down; what it sends is the test's. */
    private static final class ControlPlane
            extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
        private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private volatile boolean patient;
        private volatile ServerCallStreamObserver<DiscoveryResponse> sotw;
        private volatile ServerCallStreamObserver<DeltaDiscoveryResponse> delta;

        Message next() throws InterruptedException {
            Message next = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                StreamObserver<DiscoveryResponse> responses) {
            sotw = (ServerCallStreamObserver<DiscoveryResponse>) responses;
            return noting(sotw);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                StreamObserver<DeltaDiscoveryResponse> responses) {
            delta = (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
            return noting(delta);
        }

        private <Q extends Message> StreamObserver<Q> noting(ServerCallStreamObserver<?> call) {
            open.incrementAndGet();
            if (patient) {
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
}

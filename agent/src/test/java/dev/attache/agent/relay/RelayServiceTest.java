package dev.attache.agent.relay;

import static dev.attache.agent.relay.DiscoveryMessages.CLUSTER;
import static dev.attache.agent.relay.DiscoveryMessages.LISTENER;
import static dev.attache.agent.relay.DiscoveryMessages.changes;
import static dev.attache.agent.relay.DiscoveryMessages.delta;
import static dev.attache.agent.relay.DiscoveryMessages.response;
import static dev.attache.agent.relay.DiscoveryMessages.sotw;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of a proxy through the relay to a control plane that is scripted. */
final class RelayServiceTest {

    private static final String HEALTH = "type.googleapis.com/istio.v1.HealthInformation";

    private final RelayLab lab = new RelayLab();
    private final ScriptedControlPlane control = lab.control();

    @AfterEach
    void close() throws InterruptedException {
        lab.close();
    }

    @Test
    void resourcesOfTheWorldGoThroughAndTheAgentsOwnDoNot() throws Exception {
        lab.start();
        ProxyStream<DiscoveryResponse> received = new ProxyStream<>();
        StreamObserver<DiscoveryRequest> requests = lab.proxy().streamAggregatedResources(received);
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
        control.sotw().onNext(response(OwnResource.NAME_TABLE, "1", "names"));
        control.sotw().onNext(response("type.googleapis.com/other.Type", "2", "dropped"));
        DiscoveryResponse clusters = response(CLUSTER, "3", "clusters");
        control.sotw().onNext(clusters);
        assertThat(control.next())
                .isEqualTo(
                        sotw(OwnResource.NAME_TABLE).toBuilder()
                                .setVersionInfo("v1")
                                .setResponseNonce("1")
                                .build());
        assertThat(received.next()).isEqualTo(clusters);
        assertThat(lab.own()).containsExactly("names");
        control.sotw().onNext(response(OwnResource.NAME_TABLE, "4", "bad"));
        DiscoveryRequest refusal = (DiscoveryRequest) control.next();
        assertThat(refusal.getErrorDetail().getCode()).isEqualTo(13);
        assertThat(refusal.getErrorDetail().getMessage()).isEqualTo("no table: bad");
        assertThat(refusal.getResponseNonce()).isEqualTo("4");
        assertThat(lab.metrics().print())
                .contains("istio_agent_xds_proxy_requests 7")
                .contains("istio_agent_xds_proxy_responses 4");
        control.sotw()
                .onError(
                        Status.RESOURCE_EXHAUSTED.withDescription("too many").asRuntimeException());
        assertThat(received.end()).isEqualTo("RESOURCE_EXHAUSTED too many");
        assertThat(lab.metrics().print())
                .contains("istio_agent_istiod_connection_terminations{type=\"error\"} 1");
    }

    @Test
    void changesGoThroughAndTheAgentsOwnDoNot() throws Exception {
        lab.start();
        ProxyStream<DeltaDiscoveryResponse> received = new ProxyStream<>();
        StreamObserver<DeltaDiscoveryRequest> requests =
                lab.proxy().deltaAggregatedResources(received);
        requests.onNext(delta(LISTENER));
        assertThat(control.next()).isEqualTo(delta(LISTENER));
        assertThat(control.next()).isEqualTo(delta(OwnResource.NAME_TABLE));
        assertThat(control.next()).isEqualTo(delta(OwnResource.PROXY_CONFIG));
        control.delta().onNext(changes(OwnResource.NAME_TABLE, "1", "names"));
        assertThat(control.next())
                .isEqualTo(delta(OwnResource.NAME_TABLE).toBuilder().setResponseNonce("1").build());
        control.delta().onNext(changes(OwnResource.PROXY_CONFIG, "2", "\222\002\003abc"));
        control.next();
        assertThat(lab.own()).containsExactly("names", "roots [abc]");
        // Nothing in it, so nothing is said.
        control.delta()
                .onNext(
                        changes(OwnResource.NAME_TABLE, "3", "").toBuilder()
                                .clearResources()
                                .build());
        DeltaDiscoveryResponse listeners = changes(LISTENER, "4", "listeners");
        control.delta().onNext(listeners);
        assertThat(received.next()).isEqualTo(listeners);
        lab.relay().health().report(Health.unwell("down"));
        DeltaDiscoveryRequest unwell = (DeltaDiscoveryRequest) control.next();
        assertThat(unwell.getTypeUrl()).isEqualTo(HEALTH);
        assertThat(unwell.getErrorDetail().getMessage()).isEqualTo("down");
        assertThat(unwell.getErrorDetail().getCode()).isEqualTo(13);
        requests.onCompleted();
        assertThat(received.end()).isEqualTo("completed");
        RelayLab.await(() -> control.cancelled() == 1);
    }

    @Test
    void aSecondStreamEndsTheFirstAndHearsOfHealth() throws Exception {
        lab.start();
        lab.relay().health().report(Health.WELL);
        ProxyStream<DiscoveryResponse> first = new ProxyStream<>();
        lab.proxy().streamAggregatedResources(first).onNext(sotw(CLUSTER));
        control.next();
        lab.relay().health().report(Health.unwell("gone"));
        ProxyStream<DiscoveryResponse> second = new ProxyStream<>();
        StreamObserver<DiscoveryRequest> requests = lab.proxy().streamAggregatedResources(second);
        assertThat(first.end()).isEqualTo("completed");
        requests.onNext(sotw(LISTENER));
        assertThat(control.next()).isEqualTo(sotw(LISTENER));
        control.next();
        control.next();
        // What was reported before the listeners were asked for comes once, after them.
        DiscoveryRequest health = (DiscoveryRequest) control.next();
        assertThat(health.getTypeUrl()).isEqualTo(HEALTH);
        assertThat(health.getErrorDetail().getMessage()).isEqualTo("gone");
        assertThat(lab.relay().connected()).isTrue();
        lab.relay().close();
        assertThat(second.end()).isEqualTo("UNAVAILABLE the agent ends");
        ProxyStream<DiscoveryResponse> late = new ProxyStream<>();
        lab.proxy().streamAggregatedResources(late).onNext(sotw(CLUSTER));
        assertThat(late.end()).isEqualTo("UNAVAILABLE the agent ends");
    }

    /** A proxy that takes nothing is owed one response, not all that there are. */
    @Test
    void aSlowProxyHoldsTheControlPlaneBack() throws Exception {
        lab.start();
        ProxyStream<DiscoveryResponse> received = new ProxyStream<>(true);
        StreamObserver<DiscoveryRequest> requests = lab.proxy().streamAggregatedResources(received);
        requests.onNext(sotw(CLUSTER));
        control.next();
        String large = "x".repeat(1 << 20);
        int sent = 0;
        ServerCallStreamObserver<DiscoveryResponse> stream = control.sotw();
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
        control.takeNothing();
        lab.start();
        ProxyStream<DiscoveryResponse> received = new ProxyStream<>();
        StreamObserver<DiscoveryRequest> requests = lab.proxy().streamAggregatedResources(received);
        ClientCallStreamObserver<Message> call = received.call();
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
        control.sotw().request(1000);
        for (int i = 0; i < sent; i++) {
            assertThat(control.next()).isEqualTo(large);
        }
    }

    @Test
    void aThousandStreamsLeaveNothing() throws Exception {
        lab.start();
        var stub = lab.proxy();
        List<ProxyStream<DiscoveryResponse>> left = new ArrayList<>();
        int threads = 0;
        for (int i = 0; i < 1000; i++) {
            ProxyStream<DiscoveryResponse> received = new ProxyStream<>();
            StreamObserver<DiscoveryRequest> requests = stub.streamAggregatedResources(received);
            requests.onNext(sotw(LISTENER));
            if (i % 3 == 0) {
                received.call().cancel("away", null);
            } else if (i % 3 == 1) {
                requests.onCompleted();
            }
            if (i % 3 == 2) {
                // Mostly ended by the next one, unless that one is accepted first.
                left.add(received);
            } else {
                assertThat(received.next()).as("stream %d", i).isNotNull();
            }
            if (i == 100) {
                threads = Thread.activeCount();
            }
        }
        for (ProxyStream<DiscoveryResponse> stream : left) {
            stream.call().cancel("away", null);
            assertThat(stream.next()).isNotNull();
        }
        int allowed = threads + 8;
        RelayLab.await(() -> control.open() == 0);
        RelayLab.await(() -> Thread.activeCount() <= allowed);
        assertThat(lab.relay().connected()).isFalse();
    }
}

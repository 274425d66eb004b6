package dev.attache.xds.mux;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.FakeTransport;
import dev.attache.xds.ManualLoop;
import dev.attache.xds.RecordingWatcher;
import dev.attache.xds.ResourceType;
import dev.attache.xds.SlowWatcher;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.WaitingWatcher;
import dev.attache.xds.stream.Backoff;
import dev.attache.xds.stream.DiscoveryMethods;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeltaMuxTest {

    private final ManualLoop loop = new ManualLoop();
    private final FakeTransport transport = new FakeTransport(loop);
    private final DeltaMux mux =
            new DeltaMux(
                    new MuxSetup(
                            loop,
                            transport,
                            () -> Node.newBuilder().setId("n1").build(),
                            true,
                            new Backoff(Backoff.DEFAULT_BASE, Backoff.DEFAULT_MAX, new Random(1)),
                            null,
                            ControlPlaneStats.NONE,
                            UpdateJournal.Stream.NONE),
                    DiscoveryMethods.deltaAggregated());

    @AfterEach
    void leavesNothingBehind() {
        mux.close();
        assertThat(loop.pendingTimers()).isZero();
    }

    private FakeTransport.FakeStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream() {
        return transport.stream();
    }

    @Test
    void asksForEverythingByAnEmptyListAndAcknowledgesByNonceAlone() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        DeltaDiscoveryRequest first = stream().next();
        assertThat(first.getResourceNamesSubscribeList()).isEmpty();
        assertThat(first.getNode().getId()).isEqualTo("n1");

        stream().respond(clusters("a", cluster("c1", "1"), cluster("c2", "1")));

        assertThat(watcher.heard).containsExactly("delta +[c1, c2] -[]");
        DeltaDiscoveryRequest ack = stream().next();
        assertThat(ack.getResponseNonce()).isEqualTo("a");
        assertThat(ack.getResourceNamesSubscribeList()).isEmpty();
        assertThat(ack.getInitialResourceVersionsMap()).isEmpty();
        assertThat(ack.hasErrorDetail()).isFalse();
        assertThat(ack.hasNode()).isFalse();
    }

    @Test
    void tellsANewStreamWhatIsHeldButNotWhatIsAwaitedOrWasRefused() {
        RecordingWatcher clusters = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), clusters);
        mux.watch(ResourceType.ENDPOINT, Set.of("e1", "e2"), new RecordingWatcher());
        start();
        stream().next();
        assertThat(stream().next().getResourceNamesSubscribeList())
                .containsExactlyInAnyOrder("e1", "e2");
        stream().respond(clusters("a", cluster("c1", "1"), cluster("c2", "7")));
        stream().next();
        stream().respond(removed("b", "c2"));
        stream().next();
        clusters.answer = UpdateOutcome.rejected("c1: bad");
        stream().respond(clusters("c", cluster("c1", "2")));
        DeltaDiscoveryRequest nack = stream().next();
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("c1: bad");
        assertThat(nack.getResponseNonce()).isEqualTo("c");
        stream().respond(endpoints("d", "e1", "5"));
        stream().next();

        stream().fail(Status.UNAVAILABLE.withDescription("gone"));
        loop.advance(java.time.Duration.ofMillis(500));

        DeltaDiscoveryRequest again = stream().next();
        assertThat(again.getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
        assertThat(again.getResourceNamesSubscribeList()).isEmpty();
        assertThat(again.getInitialResourceVersionsMap()).isEqualTo(Map.of("c1", "1"));
        assertThat(again.hasNode()).isTrue();
        DeltaDiscoveryRequest named = stream().next();
        assertThat(named.getResourceNamesSubscribeList()).containsExactlyInAnyOrder("e1", "e2");
        assertThat(named.getResourceNamesUnsubscribeList()).isEmpty();
        assertThat(named.getInitialResourceVersionsMap()).isEqualTo(Map.of("e1", "5"));
    }

    @Test
    void answersALongResponseWhenItIsTakenUnlessItsStreamHasGone() {
        SlowWatcher watcher = new SlowWatcher(loop);
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        stream().respond(clusters("a", cluster("c1", "1"), cluster("c2", "1")));
        assertThat(watcher.heard).containsExactly("c1");
        assertThat(stream().quiet()).as("not taken yet").isTrue();
        loop.run();
        assertThat(stream().next().getResponseNonce()).isEqualTo("a");

        stream().respond(clusters("b", cluster("c2", "2"), cluster("c3", "1")));
        stream().fail(Status.UNAVAILABLE.withDescription("gone"));
        loop.advance(java.time.Duration.ofMillis(500));
        assertThat(watcher.heard).endsWith("c2", "CONNECTION gone", "c3", "all");
        DeltaDiscoveryRequest again = stream().next();
        assertThat(again.getResponseNonce()).isEmpty();
        assertThat(again.getInitialResourceVersionsMap())
                .isEqualTo(Map.of("c1", "1", "c2", "2", "c3", "1"));
        assertThat(stream().quiet()).as("no answer to the old stream's").isTrue();
    }

    @Test
    void endpointsPassRoutesThatAreCompiledAndRoutesKeepTheirOrder() {
        WaitingWatcher routes = new WaitingWatcher();
        RecordingWatcher endpoints = new RecordingWatcher();
        mux.watch(ResourceType.ROUTE, Set.of("r"), routes);
        mux.watch(ResourceType.ENDPOINT, Set.of("e"), endpoints);
        start();
        stream().next();
        stream().next();

        stream().respond(routes("r1", "1"));
        stream().respond(endpoints("e1", "e", "1"));
        assertThat(endpoints.heard).hasSize(1);
        assertThat(stream().next().getResponseNonce()).isEqualTo("e1");
        stream().respond(routes("r2", "2"));
        assertThat(stream().quiet()).isTrue();

        routes.compiled(UpdateOutcome.rejected("bad"));
        loop.run();
        DeltaDiscoveryRequest nack = stream().next();
        assertThat(nack.getResponseNonce()).isEqualTo("r1");
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("bad");
        routes.compiled(UpdateOutcome.ACCEPTED);
        loop.run();
        DeltaDiscoveryRequest ack = stream().next();
        assertThat(ack.getResponseNonce()).isEqualTo("r2");
        assertThat(ack.hasErrorDetail()).isFalse();
        assertThat(routes.heard)
                .containsExactly(
                        "begins r", "takes r", "UPDATE_REJECTED bad", "begins r", "takes r");
    }

    @Test
    void sendsOnlyChangesOfInterest() {
        Mux.Watch watch =
                mux.watch(ResourceType.ENDPOINT, Set.of("e1", "e2"), new RecordingWatcher());
        start();
        stream().next();
        watch.names(Set.of("e2", "e3"));
        DeltaDiscoveryRequest change = stream().next();
        assertThat(change.getResourceNamesSubscribeList()).containsExactly("e3");
        assertThat(change.getResourceNamesUnsubscribeList()).containsExactly("e1");
        mux.watch(ResourceType.ENDPOINT, Set.of("e2"), new RecordingWatcher());
        assertThat(stream().quiet()).isTrue();
        watch.close();
        assertThat(stream().next().getResourceNamesUnsubscribeList()).containsExactly("e3");
    }

    @Test
    void leavesLegacyWildcardOnceANameIsAskedFor() {
        mux.watch(ResourceType.CLUSTER, Set.of(), new RecordingWatcher());
        start();
        stream().next();
        mux.watch(ResourceType.CLUSTER, Set.of("on-demand"), new RecordingWatcher());
        assertThat(stream().next().getResourceNamesSubscribeList()).containsExactly("on-demand");
        stream().fail(Status.UNAVAILABLE);
        loop.advance(java.time.Duration.ofMillis(500));
        assertThat(stream().next().getResourceNamesSubscribeList())
                .containsExactlyInAnyOrder("*", "on-demand");
    }

    @Test
    void holdsAnUnsubscribedNameAsAmbiguousWhileTheWildcardStays() {
        mux.watch(ResourceType.CLUSTER, Set.of(), new RecordingWatcher());
        Mux.Watch named =
                mux.watch(ResourceType.CLUSTER, Set.of("on-demand"), new RecordingWatcher());
        start();
        stream().next();
        stream().respond(clusters("a", cluster("on-demand", "3")));
        stream().next();
        named.close();
        assertThat(stream().next().getResourceNamesUnsubscribeList()).containsExactly("on-demand");
        stream().fail(Status.UNAVAILABLE);
        loop.advance(java.time.Duration.ofMillis(500));
        DeltaDiscoveryRequest again = stream().next();
        assertThat(again.getResourceNamesSubscribeList()).isEmpty();
        assertThat(again.getInitialResourceVersionsMap()).isEqualTo(Map.of("on-demand", "3"));
    }

    @Test
    void refusesDuplicatesBeforeAnythingIsApplied() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        stream().respond(clusters("a", cluster("c1", "1"), cluster("c1", "2")));
        assertThat(stream().next().getErrorDetail().getMessage())
                .isEqualTo("duplicate name c1 found among added/updated resources");
        stream()
                .respond(
                        clusters("b", cluster("c1", "1")).toBuilder()
                                .addRemovedResources("c1")
                                .build());
        assertThat(stream().next().getErrorDetail().getMessage())
                .isEqualTo("duplicate name c1 found in the union of added+removed resources");
        assertThat(watcher.heard).allMatch(line -> line.startsWith("UPDATE_REJECTED"));
    }

    @Test
    void holdsBackRequestsAndAcksOfAPausedType() {
        mux.watch(ResourceType.ENDPOINT, Set.of("e1"), new RecordingWatcher());
        start();
        stream().next();
        try (Mux.Pause pause = mux.pause(List.of(ResourceType.ENDPOINT))) {
            stream().respond(endpoints("a", "e1", "1"));
            mux.watch(ResourceType.ENDPOINT, Set.of("e2"), new RecordingWatcher());
            mux.watch(ResourceType.ENDPOINT, Set.of("e3"), new RecordingWatcher());
            assertThat(stream().quiet()).isTrue();
        }
        DeltaDiscoveryRequest ack = stream().next();
        assertThat(ack.getResponseNonce()).isEqualTo("a");
        assertThat(ack.getResourceNamesSubscribeList()).containsExactly("e2", "e3");
        assertThat(stream().quiet()).isTrue();
    }

    @Test
    void forgetsARemovedNameButKeepsAskingForIt() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.ENDPOINT, Set.of("e1"), watcher);
        start();
        stream().next();
        stream().respond(endpoints("a", "e1", "1"));
        stream().next();
        stream()
                .respond(
                        DeltaDiscoveryResponse.newBuilder()
                                .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
                                .setNonce("b")
                                .addRemovedResources("e1")
                                .build());
        assertThat(watcher.heard).last().isEqualTo("delta +[] -[e1]");
        stream().next();
        stream().fail(Status.UNAVAILABLE);
        loop.advance(java.time.Duration.ofMillis(500));
        DeltaDiscoveryRequest again = stream().next();
        assertThat(again.getResourceNamesSubscribeList()).containsExactly("e1");
        assertThat(again.getInitialResourceVersionsMap()).isEmpty();
    }

    @Test
    void keepsAliveByHeartbeat() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        Resource resource =
                cluster("c1", "1").toBuilder().setTtl(Duration.newBuilder().setSeconds(10)).build();
        stream().respond(clusters("a", resource));
        loop.advance(java.time.Duration.ofSeconds(9));
        stream().respond(clusters("b", resource.toBuilder().clearResource().build()));
        loop.advance(java.time.Duration.ofSeconds(9));
        assertThat(watcher.heard).hasSize(2).last().isEqualTo("delta +[] -[]");
        loop.advance(java.time.Duration.ofSeconds(2));
        assertThat(watcher.heard).last().isEqualTo("delta +[] -[c1]");
    }

    private void start() {
        mux.start();
        loop.run();
    }

    private static Resource cluster(String name, String version) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion(version)
                .setResource(Any.pack(Cluster.newBuilder().setName(name).build()))
                .build();
    }

    private static DeltaDiscoveryResponse clusters(String nonce, Resource... resources) {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.CLUSTER.typeUrl())
                .setNonce(nonce)
                .addAllResources(List.of(resources))
                .build();
    }

    private static DeltaDiscoveryResponse removed(String nonce, String name) {
        return clusters(nonce).toBuilder().addRemovedResources(name).build();
    }

    private static DeltaDiscoveryResponse routes(String nonce, String version) {
        RouteConfiguration routes = RouteConfiguration.newBuilder().setName("r").build();
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.ROUTE.typeUrl())
                .setNonce(nonce)
                .addResources(
                        Resource.newBuilder()
                                .setName("r")
                                .setVersion(version)
                                .setResource(Any.pack(routes)))
                .build();
    }

    private static DeltaDiscoveryResponse endpoints(String nonce, String name, String version) {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
                .setNonce(nonce)
                .addResources(
                        Resource.newBuilder()
                                .setName(name)
                                .setVersion(version)
                                .setResource(
                                        Any.pack(
                                                ClusterLoadAssignment.newBuilder()
                                                        .setClusterName(name)
                                                        .build())))
                .build();
    }
}

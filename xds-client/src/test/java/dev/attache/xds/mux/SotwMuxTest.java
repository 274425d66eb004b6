package dev.attache.xds.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
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
import dev.attache.xds.stream.RateLimit;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SotwMuxTest {

    private final ManualLoop loop = new ManualLoop();
    private final FakeTransport transport = new FakeTransport(loop);
    private SotwMux mux = mux(true, null);

    private SotwMux mux(boolean nodeOnce, RateLimit limit) {
        return new SotwMux(
                new MuxSetup(
                        loop,
                        transport,
                        () -> Node.newBuilder().setId("n1").build(),
                        nodeOnce,
                        new Backoff(Backoff.DEFAULT_BASE, Backoff.DEFAULT_MAX, new Random(1)),
                        limit,
                        ControlPlaneStats.NONE,
                        UpdateJournal.Stream.NONE),
                DiscoveryMethods.aggregated());
    }

    private FakeTransport.FakeStream<DiscoveryRequest, DiscoveryResponse> stream() {
        return transport.stream();
    }

    @AfterEach
    void leavesNothingBehind() {
        mux.close();
        assertThat(loop.pendingTimers()).isZero();
        assertThat(transport.closed).isTrue();
    }

    @Test
    void acknowledgesWithTheNewVersionAndTheNonce() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();

        DiscoveryRequest first = stream().next();
        assertThat(first.getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
        assertThat(first.getVersionInfo()).isEmpty();
        assertThat(first.getResponseNonce()).isEmpty();
        assertThat(first.getResourceNamesList()).isEmpty();
        assertThat(first.getNode().getId()).isEqualTo("n1");

        stream().respond(clusters("1", "a", "c1", "c2"));

        assertThat(watcher.heard).containsExactly("state 1 [c1, c2]");
        DiscoveryRequest ack = stream().next();
        assertThat(ack.getVersionInfo()).isEqualTo("1");
        assertThat(ack.getResponseNonce()).isEqualTo("a");
        assertThat(ack.hasErrorDetail()).isFalse();
        assertThat(ack.hasNode()).isFalse();
        assertThat(stream().quiet()).isTrue();
    }

    @Test
    void refusesWithThePreviousVersionTheNewNonceAndTheReasonOnce() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        stream().respond(clusters("1", "a", "c1"));
        stream().next();

        watcher.answer = UpdateOutcome.rejected("c2: bad");
        stream().respond(clusters("2", "b", "c1", "c2"));

        DiscoveryRequest nack = stream().next();
        assertThat(nack.getVersionInfo()).isEqualTo("1");
        assertThat(nack.getResponseNonce()).isEqualTo("b");
        assertThat(nack.getErrorDetail().getCode()).isEqualTo(13);
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("c2: bad");
        assertThat(watcher.heard).last().isEqualTo("UPDATE_REJECTED c2: bad");

        watcher.answer = UpdateOutcome.ACCEPTED;
        stream().respond(clusters("3", "c", "c1"));
        DiscoveryRequest ack = stream().next();
        assertThat(ack.getVersionInfo()).isEqualTo("3");
        assertThat(ack.hasErrorDetail()).isFalse();
    }

    @Test
    void refusesAResponseWhoseResourcesHaveAnotherType() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();

        stream()
                .respond(
                        DiscoveryResponse.newBuilder()
                                .setTypeUrl(ResourceType.CLUSTER.typeUrl())
                                .setVersionInfo("1")
                                .setNonce("a")
                                .addResources(Any.pack(assignment("x")))
                                .build());

        assertThat(stream().next().getErrorDetail().getMessage())
                .contains("does not match the message-wide type URL");
        assertThat(watcher.heard).singleElement().asString().startsWith("UPDATE_REJECTED");
    }

    @Test
    void subscribesEveryTypeAgainOnANewStreamInOrderWithVersionAndWithoutNonce() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        mux.watch(ResourceType.ENDPOINT, Set.of("e1"), new RecordingWatcher());
        start();
        stream().next();
        stream().next();
        stream().respond(clusters("1", "a", "c1"));
        stream().next();
        watcher.answer = UpdateOutcome.rejected("no");
        stream().respond(clusters("2", "b", "c1"));
        stream().next();

        stream().fail(Status.UNAVAILABLE.withDescription("gone"));
        assertThat(watcher.heard).last().isEqualTo("CONNECTION gone");
        loop.advance(java.time.Duration.ofMillis(500));

        assertThat(transport.opened()).isEqualTo(2);
        DiscoveryRequest clusters = stream().next();
        assertThat(clusters.getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
        assertThat(clusters.getVersionInfo()).isEqualTo("1");
        assertThat(clusters.getResponseNonce()).isEmpty();
        assertThat(clusters.hasErrorDetail()).isFalse();
        assertThat(clusters.getNode().getId()).isEqualTo("n1");
        DiscoveryRequest endpoints = stream().next();
        assertThat(endpoints.getResourceNamesList()).containsExactly("e1");
        assertThat(endpoints.hasNode()).isFalse();
    }

    @Test
    void retriesWithGrowingBackoffWhileTheControlPlaneIsDown() {
        transport.reachable = false;
        mux.watch(ResourceType.CLUSTER, Set.of(), new RecordingWatcher());
        start();
        loop.advance(java.time.Duration.ofMinutes(10));

        // At most 30 s apart, and on average 15 s once the bound is reached.
        assertThat(transport.opened()).isBetween(20, 70);
        transport.reachable = true;
        loop.advance(java.time.Duration.ofSeconds(30));
        assertThat(stream().next().getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
    }

    @Test
    void batchesRequestsOfAPausedTypeIntoOneWithAllNames() {
        start();
        try (Mux.Pause pause = mux.pause(List.of(ResourceType.ENDPOINT))) {
            for (int i = 0; i < 5; i++) {
                mux.watch(ResourceType.ENDPOINT, Set.of("e" + i), new RecordingWatcher());
            }
            assertThat(stream().quiet()).isTrue();
        }
        assertThat(stream().next().getResourceNamesList())
                .containsExactlyInAnyOrder("e0", "e1", "e2", "e3", "e4");
        assertThat(stream().quiet()).isTrue();
    }

    @Test
    void deliversNamedResourcesOnlyToThoseWhoAskedAndNeverTreatsAbsenceAsRemoval() {
        RecordingWatcher first = new RecordingWatcher();
        RecordingWatcher second = new RecordingWatcher();
        mux.watch(ResourceType.ENDPOINT, Set.of("e1"), first);
        Mux.Watch watch = mux.watch(ResourceType.ENDPOINT, Set.of("e2"), second);
        start();
        assertThat(stream().next().getResourceNamesList()).containsExactly("e1", "e2");

        stream().respond(endpoints("1", "a", "e2"));
        assertThat(first.heard).isEmpty();
        assertThat(second.heard).containsExactly("state 1 [e2]");
        stream().next();

        watch.close();
        assertThat(stream().next().getResourceNamesList()).containsExactly("e1");
    }

    @Test
    void acceptsAnEmptyResponseForATypeThatNobodyWatchesAnyMore() {
        Mux.Watch watch = mux.watch(ResourceType.ENDPOINT, Set.of("e1"), new RecordingWatcher());
        start();
        stream().next();
        watch.close();
        stream().next();
        stream().respond(endpoints("7", "z"));
        DiscoveryRequest ack = stream().next();
        assertThat(ack.getVersionInfo()).isEqualTo("7");
        assertThat(ack.getResponseNonce()).isEqualTo("z");
    }

    @Test
    void dropsAResourceWhoseTimeToLiveEndsAndKeepsItOnHeartbeats() {
        RecordingWatcher watcher = new RecordingWatcher();
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        Resource withTtl =
                Resource.newBuilder()
                        .setName("c1")
                        .setVersion("1")
                        .setTtl(Duration.newBuilder().setSeconds(10))
                        .setResource(Any.pack(Cluster.newBuilder().setName("c1").build()))
                        .build();
        stream().respond(wrapped("a", withTtl));
        loop.advance(java.time.Duration.ofSeconds(9));
        stream().respond(wrapped("b", withTtl.toBuilder().clearResource().build()));
        loop.advance(java.time.Duration.ofSeconds(9));
        assertThat(watcher.heard).containsExactly("state 1 [c1]", "unchanged 1");
        loop.advance(java.time.Duration.ofSeconds(1));
        assertThat(watcher.heard).last().isEqualTo("delta +[] -[c1]");
    }

    @Test
    void waitsForTheStreamToTakeMoreBeforeSending() {
        start();
        stream().ready = false;
        mux.watch(ResourceType.CLUSTER, Set.of(), new RecordingWatcher());
        assertThat(stream().quiet()).isTrue();
        stream().becomeReady();
        assertThat(stream().next().getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
    }

    @Test
    void answersALongResponseWhenItIsTakenAndOnlyThenAsksForTheNext() {
        SlowWatcher watcher = new SlowWatcher(loop);
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        stream().respond(clusters("1", "a", "c1", "c2"));
        assertThat(watcher.heard).containsExactly("c1");
        assertThat(stream().quiet()).as("not taken yet").isTrue();
        assertThatThrownBy(() -> stream().respond(clusters("2", "b")))
                .hasMessageContaining("did not ask");

        loop.run();
        assertThat(watcher.heard).containsExactly("c1", "c2", "all");
        assertThat(stream().next().getResponseNonce()).isEqualTo("a");
        watcher.answer = UpdateOutcome.rejected("bad");
        stream().respond(clusters("2", "b", "c3"));
        loop.run();
        assertThat(watcher.heard).endsWith("c3", "all", "UPDATE_REJECTED bad");
        DiscoveryRequest nack = stream().next();
        assertThat(nack.getVersionInfo()).isEqualTo("1");
        assertThat(nack.getResponseNonce()).isEqualTo("b");
    }

    @Test
    void aStreamThatBeganMeanwhileHearsTheVersionButNotTheNonceOfAnOlderOne() {
        SlowWatcher watcher = new SlowWatcher(loop);
        mux.watch(ResourceType.CLUSTER, Set.of(), watcher);
        start();
        stream().next();
        stream().respond(clusters("1", "a", "c1", "c2"));
        stream().fail(Status.UNAVAILABLE.withDescription("gone"));
        loop.advance(java.time.Duration.ofMillis(500));

        assertThat(watcher.heard).endsWith("all");
        DiscoveryRequest again = stream().next();
        assertThat(again.getVersionInfo()).isEqualTo("1");
        assertThat(again.getResponseNonce()).isEmpty();
        assertThat(again.hasErrorDetail()).isFalse();
        stream().respond(clusters("2", "b", "c1"));
        loop.run();
        assertThat(stream().next().getResponseNonce()).isEqualTo("b");
    }

    @Test
    void endpointsPassRoutesThatAreCompiledAndClustersDoNot() {
        WaitingWatcher routes = new WaitingWatcher();
        RecordingWatcher endpoints = new RecordingWatcher();
        RecordingWatcher clusters = new RecordingWatcher();
        mux.watch(ResourceType.ROUTE, Set.of("r"), routes);
        mux.watch(ResourceType.ENDPOINT, Set.of("e"), endpoints);
        mux.watch(ResourceType.CLUSTER, Set.of(), clusters);
        start();
        stream().next();
        stream().next();
        stream().next();

        stream().respond(routes("1", "r1", "r"));
        assertThat(routes.heard).containsExactly("begins r");
        assertThat(stream().quiet()).as("nothing is answered that is not compiled").isTrue();
        stream().respond(endpoints("1", "e1", "e"));
        assertThat(endpoints.heard).hasSize(1);
        assertThat(stream().next().getResponseNonce()).isEqualTo("e1");
        stream().respond(clusters("1", "c1", "c"));
        loop.run();
        assertThat(clusters.heard).isEmpty();
        stream().respond(endpoints("2", "e2", "e"));
        assertThat(endpoints.heard).as("they pass both").hasSize(2);
        assertThat(stream().next().getResponseNonce()).isEqualTo("e2");
        stream().respond(clusters("2", "c2", "c"));
        assertThatThrownBy(() -> stream().respond(endpoints("3", "e3", "e")))
                .as("what waits is not more than one response of a type and one more")
                .hasMessageContaining("did not ask");

        routes.compiled(UpdateOutcome.ACCEPTED);
        assertThat(routes.heard).as("the loop takes it").containsExactly("begins r");
        loop.run();
        assertThat(routes.heard).containsExactly("begins r", "takes r");
        assertThat(clusters.heard).hasSize(2);
        assertThat(stream().next().getResponseNonce()).isEqualTo("r1");
        assertThat(stream().next().getResponseNonce()).isEqualTo("c1");
        assertThat(stream().next().getResponseNonce()).isEqualTo("c2");
        assertThat(stream().quiet()).isTrue();
    }

    @Test
    void anErrorIsAnsweredAfterTheOlderVersionThatIsStillCompiled() {
        WaitingWatcher routes = new WaitingWatcher();
        mux.watch(ResourceType.ROUTE, Set.of("r"), routes);
        start();
        stream().next();
        stream().respond(routes("1", "a", "r"));
        stream().respond(routes("2", "b", "r"));
        assertThat(routes.heard).containsExactly("begins r");

        routes.compiled(UpdateOutcome.ACCEPTED);
        loop.run();
        DiscoveryRequest ack = stream().next();
        assertThat(ack.getVersionInfo()).isEqualTo("1");
        assertThat(ack.getResponseNonce()).isEqualTo("a");
        routes.compiled(UpdateOutcome.rejected("bad"));
        loop.run();
        DiscoveryRequest nack = stream().next();
        assertThat(nack.getVersionInfo()).isEqualTo("1");
        assertThat(nack.getResponseNonce()).isEqualTo("b");
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("bad");
    }

    @Test
    void whatIsCompiledForAStreamThatIsGoneIsTakenAndNotAnswered() {
        WaitingWatcher routes = new WaitingWatcher();
        mux.watch(ResourceType.ROUTE, Set.of("r"), routes);
        start();
        stream().next();
        stream().respond(routes("1", "a", "r"));
        stream().fail(Status.UNAVAILABLE.withDescription("gone"));
        loop.advance(java.time.Duration.ofMillis(500));
        assertThat(stream().quiet()).as("it is not asked again what is being taken").isTrue();
        routes.compiled(UpdateOutcome.ACCEPTED);
        loop.run();
        assertThat(routes.heard).endsWith("takes r");
        DiscoveryRequest again = stream().next();
        assertThat(again.getVersionInfo()).isEqualTo("1");
        assertThat(again.getResponseNonce()).isEmpty();
    }

    @Test
    void nothingIsTakenOnceClosed() {
        WaitingWatcher routes = new WaitingWatcher();
        mux.watch(ResourceType.ROUTE, Set.of("r"), routes);
        start();
        stream().next();
        stream().respond(routes("1", "a", "r"));
        mux.close();
        routes.compiled(UpdateOutcome.ACCEPTED);
        loop.run();
        assertThat(routes.heard).containsExactly("begins r");
        assertThat(stream().quiet()).isTrue();
    }

    @Test
    void keepsTheRateLimit() {
        mux.close();
        mux = mux(false, new RateLimit(2, 10, loop.nanoTime()));
        start();
        mux.watch(ResourceType.CLUSTER, Set.of(), new RecordingWatcher());
        mux.watch(ResourceType.LISTENER, Set.of(), new RecordingWatcher());
        mux.watch(ResourceType.ENDPOINT, Set.of("e"), new RecordingWatcher());
        assertThat(stream().next().hasNode()).isTrue();
        assertThat(stream().next().hasNode()).isTrue();
        assertThat(stream().quiet()).isTrue();
        loop.advance(java.time.Duration.ofMillis(101));
        assertThat(stream().next().getTypeUrl()).isEqualTo(ResourceType.ENDPOINT.typeUrl());
    }

    private void start() {
        mux.start();
        loop.run();
    }

    static DiscoveryResponse clusters(String version, String nonce, String... names) {
        DiscoveryResponse.Builder response = response(ResourceType.CLUSTER, version, nonce);
        for (String name : names) {
            response.addResources(Any.pack(Cluster.newBuilder().setName(name).build()));
        }
        return response.build();
    }

    private static DiscoveryResponse routes(String version, String nonce, String name) {
        return response(ResourceType.ROUTE, version, nonce)
                .addResources(Any.pack(RouteConfiguration.newBuilder().setName(name).build()))
                .build();
    }

    private static DiscoveryResponse endpoints(String version, String nonce, String... names) {
        DiscoveryResponse.Builder response = response(ResourceType.ENDPOINT, version, nonce);
        for (String name : names) {
            response.addResources(Any.pack(assignment(name)));
        }
        return response.build();
    }

    private static DiscoveryResponse wrapped(String nonce, Resource resource) {
        return response(ResourceType.CLUSTER, "1", nonce).addResources(Any.pack(resource)).build();
    }

    private static DiscoveryResponse.Builder response(
            ResourceType type, String version, String nonce) {
        return DiscoveryResponse.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo(version)
                .setNonce(nonce);
    }

    private static Message assignment(String name) {
        return ClusterLoadAssignment.newBuilder().setClusterName(name).build();
    }
}

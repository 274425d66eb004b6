package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.conformance.PeerProcess;
import dev.attache.mesh.MeshStream.Push;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What istiods have said to sidecars, gateways and waypoints of a mesh with every kind of object,
 * said again without them: all of it is taken and warmed, in order and in any other, whole and in
 * pieces, twice, gone and back; and what is broken in one resource is the only thing refused.
 */
final class MeshReplayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");
    private static final TestCertificates.Issued OWN =
            AUTHORITY.leaf("CN=workload").uri("spiffe://cluster.local/ns/a/sa/b").issue();

    static List<MeshStream> streams() throws IOException {
        return MeshStream.all();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void takesWhatWasSaidAsItWasSaid(MeshStream stream) throws Exception {
        try (Replay replay = new Replay(stream, true)) {
            replay.say(stream.pushes());
            replay.hasAll();
            StatsStore stats = replay.server.stats();
            long listeners = stats.counter("listener_manager.listener_modified").value();
            long clusters = stats.counter("cluster_manager.cluster_modified").value();

            // The same again changes nothing.
            replay.say(stream.pushes());
            replay.hasAll();
            assertThat(stats.counter("listener_manager.listener_modified").value())
                    .isEqualTo(listeners);
            assertThat(stats.counter("cluster_manager.cluster_modified").value())
                    .isEqualTo(clusters);

            // All is gone, and comes back.
            replay.say(List.of(stream.removal(MeshStream.LISTENER)));
            replay.say(List.of(stream.removal(MeshStream.CLUSTER)));
            assertThat(PeerProcess.eventually(PATIENCE, replay::isEmpty)).isTrue();
            replay.say(stream.pushes());
            replay.hasAll();
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void takesItInAnyOrderAndInPieces(MeshStream stream) throws Exception {
        try (Replay replay = new Replay(stream, false)) {
            replay.say(pieces(stream.pushes(), new Random(stream.name().hashCode())));
            replay.hasAll();
        }
    }

    /** Each response in pieces, and all of them shuffled. */
    private static List<Push> pieces(List<Push> pushes, Random random) {
        List<Push> pieces = new ArrayList<>();
        for (Push push : pushes) {
            List<Resource> resources = new ArrayList<>(push.resources());
            Collections.shuffle(resources, random);
            for (int from = 0; from < resources.size(); ) {
                int to = Math.min(resources.size(), from + 1 + random.nextInt(20));
                pieces.add(new Push(push.type(), resources.subList(from, to), List.of()));
                from = to;
            }
        }
        Collections.shuffle(pieces, random);
        return pieces;
    }

    @ParameterizedTest
    @MethodSource("streams")
    void refusesOnlyWhatIsBroken(MeshStream stream) throws Exception {
        try (Replay replay = new Replay(stream, true)) {
            replay.say(stream.pushes());
            replay.hasAll();
            for (String type :
                    List.of(MeshStream.CLUSTER, MeshStream.LISTENER, MeshStream.ROUTES)) {
                List<Resource> all = new ArrayList<>(stream.last(type).values());
                for (int at = 0; at < all.size(); at += 1 + all.size() / 4) {
                    Resource good = all.get(at);
                    List<Resource> sent = new ArrayList<>(all);
                    sent.set(at, broken(type, good));
                    replay.istiod.say(List.of(new Push(type, sent, List.of())));
                    replay.awaitSaid();
                    assertThat(replay.istiod.takeRefusals())
                            .singleElement(InstanceOfAssertFactories.STRING)
                            .as(good.getName())
                            .containsOnlyOnce("example.Unknown")
                            .contains(good.getName());
                    // What served goes on, and is taken again.
                    replay.hasAll();
                    replay.say(List.of(new Push(type, all, List.of())));
                }
            }
            replay.hasAll();
        }
    }

    /** The resource with an extension that there is not, where it can have one. */
    private static Resource broken(String type, Resource resource)
            throws InvalidProtocolBufferException {
        Any unknown = Any.newBuilder().setTypeUrl("type.googleapis.com/example.Unknown").build();
        Any whole = resource.getResource();
        Any changed =
                switch (type) {
                    case MeshStream.CLUSTER ->
                            Any.pack(
                                    Cluster.parseFrom(whole.getValue()).toBuilder()
                                            .clearTransportSocketMatches()
                                            .setTransportSocket(
                                                    TransportSocket.newBuilder()
                                                            .setName("unknown")
                                                            .setTypedConfig(unknown))
                                            .build(),
                                    "type.googleapis.com");
                    case MeshStream.LISTENER ->
                            Any.pack(
                                    Listener.parseFrom(whole.getValue()).toBuilder()
                                            .addListenerFilters(
                                                    ListenerFilter.newBuilder()
                                                            .setName("unknown")
                                                            .setTypedConfig(unknown))
                                            .build(),
                                    "type.googleapis.com");
                    case MeshStream.ROUTES ->
                            Any.pack(
                                    RouteConfiguration.parseFrom(whole.getValue()).toBuilder()
                                            .putTypedPerFilterConfig("unknown", unknown)
                                            .build(),
                                    "type.googleapis.com");
                    default -> whole;
                };
        return resource.toBuilder().setVersion("broken").setResource(changed).build();
    }

    /** A proxy, and what says to it what was said. */
    private static final class Replay implements AutoCloseable {
        private final MeshStream stream;
        private final ReplayedIstiod istiod;
        private final WorkloadSecrets secrets;
        private final AttacheServer server;

        Replay(MeshStream stream, boolean strict) throws Exception {
            this.stream = stream;
            this.secrets = new MadeSecrets();
            this.istiod = new ReplayedIstiod(strict, secrets::secret);
            String bootstrap =
                    stream.node()
                            .bootstrap(
                                    "1.31.0",
                                    0,
                                    stream.delta() ? "DELTA_GRPC" : "GRPC",
                                    MeshNode.loopback(istiod.port()),
                                    MeshNode.loopback(secrets.port()));
            this.server =
                    AttacheServer.start(
                            ServerOptions.builder()
                                    .configYaml(bootstrap)
                                    .concurrency(1)
                                    .drainTime(Duration.ofMillis(1))
                                    .build());
        }

        void awaitSaid() throws InterruptedException {
            assertThat(istiod.await(PATIENCE))
                    .as(() -> istiod.pending() + istiod.takeRefusals())
                    .isTrue();
        }

        void say(List<Push> pushes) throws InterruptedException {
            istiod.say(pushes);
            awaitSaid();
            assertThat(istiod.takeRefusals()).isEmpty();
        }

        /** Everything that was said serves. */
        void hasAll() throws Exception {
            assertThat(server.awaitLive(PATIENCE)).as(unready()).isTrue();
            assertThat(isReady() || PeerProcess.eventually(PATIENCE, this::isReady))
                    .as(unready())
                    .isTrue();
            assertThat(active(() -> server.plane().listeners().active().keySet()))
                    .isEqualTo(stream.names(MeshStream.LISTENER));
            Set<String> clusters = active(() -> server.plane().clusters().active().keySet());
            clusters.removeAll(Set.of("xds-grpc", "sds-grpc"));
            assertThat(clusters).isEqualTo(stream.names(MeshStream.CLUSTER));
            assertThat(
                            active(() ->
                                    names(
                                            server.plane().routes().stored(),
                                            r -> r.active() != null)))
                    .isEqualTo(stream.names(MeshStream.ROUTES));
        }

        boolean isEmpty() {
            return active(() -> server.plane().listeners().active().keySet()).isEmpty()
                    && active(() -> server.plane().clusters().active().keySet()).size() == 2;
        }

        private static Set<String> names(
                List<StoredResource> stored, Predicate<StoredResource> wanted) {
            return stored.stream()
                    .filter(each -> !each.isStatic() && wanted.test(each))
                    .map(StoredResource::name)
                    .collect(Collectors.toSet());
        }

        private boolean isReady() {
            return unready().equals("{}");
        }

        private String unready() {
            return onMain(() -> server.plane().unready().toString());
        }

        private Set<String> active(Callable<Set<String>> names) {
            return onMain(() -> new TreeSet<>(names.call()));
        }

        private <T> T onMain(Callable<T> task) {
            try {
                return server.mainLoop().eventLoop().submit(task).get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws Exception {
            server.close();
            istiod.close();
            secrets.close();
        }
    }

    /** Secrets of any name: who is said to have files has none here. */
    private static final class MadeSecrets extends WorkloadSecrets {
        MadeSecrets() throws IOException {
            super(AUTHORITY, OWN);
        }

        @Override
        Secret secret(String name) {
            boolean authority =
                    name.equals("ROOTCA")
                            || name.startsWith("file-root:")
                            || name.endsWith("-cacert");
            return super.secret(authority ? "ROOTCA" : "default").toBuilder().setName(name).build();
        }
    }
}

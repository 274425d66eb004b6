package dev.attache.xds.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.MainLoopThread;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.file.FileWatcher;
import dev.attache.xds.mux.Mux;
import dev.attache.xds.stream.ConnectionSecurity;
import dev.attache.xds.stream.GrpcTarget;
import dev.attache.xds.stream.GrpcThreads;
import dev.attache.xds.stream.GrpcTransport;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against java-control-plane's server, over real sockets. */
class ControlPlaneIT {

    private static final String GROUP = "g";

    private final SimpleCache<String> cache = new SimpleCache<>(node -> GROUP);
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<String> acks = new LinkedBlockingQueue<>();
    private final MainLoopThread loop = new MainLoopThread("xds-it");
    private final FileWatcher files = new FileWatcher(loop);
    private final GrpcThreads threads = new GrpcThreads();
    private final MultiThreadIoEventLoopGroup serverThreads =
            new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private volatile SocketAddress address;
    private Server server;
    private XdsClient client;

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            onLoop(client::close);
        }
        if (server != null) {
            server.shutdownNow();
            assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        loop.close();
        files.close();
        threads.close();
        serverThreads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPC", "DELTA_GRPC"})
    void clustersThenEndpointsOverAds(ApiConfigSource.ApiType flavour) throws Exception {
        listenTcp(0);
        cache.setSnapshot(GROUP, snapshot("1", "c1", "c2"));
        connect(flavour);
        Seen clusters = new Seen();
        Seen endpoints = new Seen();
        onLoop(() -> {
            client.subscribe(
                    ads(), ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
            client.startAds();
        });
        clusters.await(List.of("c1", "c2"));
        onLoop(() -> {
            try (Mux.Pause pause = client.pause(List.of(ResourceType.ENDPOINT))) {
                subscribeEndpoints("c1", endpoints);
                subscribeEndpoints("c2", endpoints);
            }
        });
        endpoints.await(List.of("c1", "c2"));

        cache.setSnapshot(GROUP, snapshot("2", "c1", "c3"));
        clusters.await(List.of("c1", "c3"));
        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPC", "DELTA_GRPC"})
    void separateStreams(ApiConfigSource.ApiType flavour) throws Exception {
        listenTcp(0);
        cache.setSnapshot(GROUP, snapshot("1", "c1"));
        connect(flavour);
        Seen clusters = new Seen();
        Seen endpoints = new Seen();
        ConfigSource own =
                ConfigSource.newBuilder()
                        .setResourceApiVersion(ApiVersion.V3)
                        .setApiConfigSource(source(flavour))
                        .build();
        onLoop(() -> {
            client.subscribe(own, ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
            client.subscribe(
                    own, ResourceType.ENDPOINT, Set.of("c1"), endpoints, SubscriptionStats.NONE);
        });
        clusters.await(List.of("c1"));
        endpoints.await(List.of("c1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPC", "DELTA_GRPC"})
    void refusesAndRecovers(ApiConfigSource.ApiType flavour) throws Exception {
        listenTcp(0);
        cache.setSnapshot(GROUP, snapshot("1", "good", "bad"));
        connect(flavour);
        Seen clusters = new Seen();
        clusters.refused = "bad";
        onLoop(() -> {
            client.subscribe(
                    ads(), ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
            client.startAds();
        });
        clusters.await(List.of("good"));
        assertThat(acks.poll(10, TimeUnit.SECONDS)).isEqualTo("NACK bad: refused by the test");
        cache.setSnapshot(GROUP, snapshot("2", "good", "better"));
        clusters.await(List.of("better", "good"));
        // The server answers every NACK with the same resources; those NACKs come first.
        String answer = acks.poll(10, TimeUnit.SECONDS);
        while (answer != null && answer.startsWith("NACK bad")) {
            answer = acks.poll(10, TimeUnit.SECONDS);
        }
        assertThat(answer).isEqualTo("ACK");
    }

    @ParameterizedTest
    @EnumSource(names = {"GRPC", "DELTA_GRPC"})
    void keepsWhatItHasWhileTheControlPlaneIsDownAndCatchesUp(ApiConfigSource.ApiType flavour)
            throws Exception {
        listenTcp(0);
        int port = server.getPort();
        cache.setSnapshot(GROUP, snapshot("1", "c1"));
        connect(flavour);
        Seen clusters = new Seen();
        onLoop(() -> {
            client.subscribe(
                    ads(), ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
            client.startAds();
        });
        clusters.await(List.of("c1"));
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        clusters.awaitFailure(FetchFailure.CONNECTION);
        assertThat(clusters.names()).containsExactly("c1");

        listenTcp(port);
        cache.setSnapshot(GROUP, snapshot("2", "c1", "c2"));
        clusters.await(List.of("c1", "c2"));
    }

    @Test
    void unixSockets(@TempDir Path dir) throws Exception {
        for (String path : List.of(dir.resolve("xds.sock").toString(), "\0attache-xds-" + dir)) {
            listenUnix(path);
            cache.setSnapshot(GROUP, snapshot("1", "c1"));
            connect(ApiConfigSource.ApiType.GRPC);
            Seen clusters = new Seen();
            onLoop(() -> {
                client.subscribe(
                        ads(), ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
                client.startAds();
            });
            clusters.await(List.of("c1"));
            onLoop(client::close);
            server.shutdownNow();
            assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void startsBeforeTheControlPlaneDoes() throws Exception {
        listenTcp(0);
        int port = server.getPort();
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        connect(ApiConfigSource.ApiType.DELTA_GRPC);
        Seen clusters = new Seen();
        ConfigSource impatient =
                ads().toBuilder()
                        .setInitialFetchTimeout(
                                com.google.protobuf.Duration.newBuilder().setNanos(300_000_000))
                        .build();
        onLoop(() -> {
            client.subscribe(
                    impatient, ResourceType.CLUSTER, Set.of(), clusters, SubscriptionStats.NONE);
            client.startAds();
        });
        clusters.awaitFailure(FetchFailure.FETCH_TIMED_OUT);
        cache.setSnapshot(GROUP, snapshot("1", "c1"));
        listenTcp(port);
        clusters.await(List.of("c1"));
    }

    private void subscribeEndpoints(String name, Seen endpoints) {
        client.subscribe(
                ads(), ResourceType.ENDPOINT, Set.of(name), endpoints, SubscriptionStats.NONE);
    }

    private void connect(ApiConfigSource.ApiType flavour) throws Exception {
        onLoop(() -> {
            client =
                    new XdsClient(
                            loop,
                            () -> Node.newBuilder().setId("n").setCluster("k").build(),
                            service -> new GrpcTransport(loop, threads, target()),
                            files,
                            path -> {
                                throw new AssertionError("no files here");
                            },
                            new Random(3),
                            UpdateJournal.NONE);
            client.configureAds(source(flavour), ControlPlaneStats.NONE);
        });
    }

    private GrpcTarget target() {
        return new GrpcTarget() {
            @Override
            public String name() {
                return "xds";
            }

            @Override
            public SocketAddress nextAddress() {
                return address;
            }

            @Override
            public ConnectionSecurity security() {
                return null;
            }

            @Override
            public String authority() {
                return "xds";
            }
        };
    }

    private static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
    }

    private static ApiConfigSource source(ApiConfigSource.ApiType flavour) {
        return ApiConfigSource.newBuilder()
                .setApiType(flavour)
                .setTransportApiVersion(ApiVersion.V3)
                .setSetNodeOnFirstMessageOnly(true)
                .addGrpcServices(
                        GrpcService.newBuilder()
                                .setEnvoyGrpc(
                                        GrpcService.EnvoyGrpc.newBuilder().setClusterName("xds")))
                .build();
    }

    private void listenTcp(int port) throws Exception {
        listen(
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    private void listenUnix(String path) throws Exception {
        address = new DomainSocketAddress(path);
        listen(
                NettyServerBuilder.forAddress(address)
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(serverThreads)
                        .workerEventLoopGroup(serverThreads));
    }

    private void listen(NettyServerBuilder builder) throws Exception {
        V3DiscoveryServer discovery = new V3DiscoveryServer(new Recorder(), cache);
        server =
                builder.addService(discovery.getAggregatedDiscoveryServiceImpl())
                        .addService(discovery.getClusterDiscoveryServiceImpl())
                        .addService(discovery.getEndpointDiscoveryServiceImpl())
                        .build()
                        .start();
    }

    private static Snapshot snapshot(String version, String... clusters) {
        List<Cluster> all = new ArrayList<>();
        List<ClusterLoadAssignment> assignments = new ArrayList<>();
        for (String name : clusters) {
            all.add(
                    Cluster.newBuilder()
                            .setName(name)
                            .setType(Cluster.DiscoveryType.EDS)
                            .setEdsClusterConfig(
                                    Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads()))
                            .build());
            assignments.add(ClusterLoadAssignment.newBuilder().setClusterName(name).build());
        }
        return Snapshot.create(all, assignments, List.of(), List.of(), List.of(), version);
    }

    private void onLoop(Runnable task) throws Exception {
        BlockingQueue<Object> done = new LinkedBlockingQueue<>();
        loop.execute(() -> {
            try {
                task.run();
                done.add("done");
            } catch (RuntimeException | Error e) {
                done.add(e);
            }
        });
        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("done");
    }

    /** Writes down how each response was answered. */
    private final class Recorder implements DiscoveryServerCallbacks {
        @Override
        public void onV3StreamRequest(long stream, DiscoveryRequest request) {
            answered(
                    request.getResponseNonce(),
                    request.hasErrorDetail(),
                    request.getErrorDetail().getMessage());
        }

        @Override
        public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
            answered(
                    request.getResponseNonce(),
                    request.hasErrorDetail(),
                    request.getErrorDetail().getMessage());
        }

        private void answered(String nonce, boolean error, String message) {
            if (!nonce.isEmpty()) {
                acks.add(error ? "NACK " + message : "ACK");
                if (error) {
                    errors.add(message);
                }
            }
        }
    }

    /** Holds what a watcher has been given. */
    private static final class Seen implements ResourceWatcher {
        private final TreeMap<String, Any> held = new TreeMap<>();
        private final List<FetchFailure> failures = new ArrayList<>();
        private String refused;

        @Override
        public synchronized UpdateOutcome onState(List<XdsResource> resources, String version) {
            boolean named = resources.stream().anyMatch(r -> isAssignment(r));
            if (!named) {
                held.clear();
            }
            return take(resources);
        }

        private static boolean isAssignment(XdsResource resource) {
            return resource.body().getTypeUrl().equals(ResourceType.ENDPOINT.typeUrl());
        }

        @Override
        public synchronized UpdateOutcome onDelta(
                List<XdsResource> changed, List<String> removed, String version) {
            removed.forEach(held::remove);
            return take(changed);
        }

        private UpdateOutcome take(List<XdsResource> resources) {
            UpdateOutcome outcome = UpdateOutcome.ACCEPTED;
            for (XdsResource resource : resources) {
                if (resource.name().equals(refused)) {
                    outcome = UpdateOutcome.rejected(refused + ": refused by the test");
                } else {
                    held.put(resource.name(), resource.body());
                }
            }
            notifyAll();
            return outcome;
        }

        @Override
        public synchronized void onFailure(FetchFailure reason, String detail) {
            failures.add(reason);
            notifyAll();
        }

        synchronized List<String> names() {
            return List.copyOf(held.keySet());
        }

        synchronized void await(List<String> names) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!names().equals(names) && System.nanoTime() < end) {
                wait(100);
            }
            assertThat(names()).isEqualTo(names);
        }

        synchronized void awaitFailure(FetchFailure reason) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!failures.contains(reason) && System.nanoTime() < end) {
                wait(100);
            }
            assertThat(failures).contains(reason);
        }
    }
}

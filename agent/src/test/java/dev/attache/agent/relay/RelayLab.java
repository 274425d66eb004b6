package dev.attache.agent.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.metrics.AgentMetrics;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A relay with a scripted control plane behind it, and channels of proxies to it. */
final class RelayLab {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AgentMetrics metrics = new AgentMetrics();
    private final List<String> own = new CopyOnWriteArrayList<>();
    private final ScriptedControlPlane control = new ScriptedControlPlane();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final String name = "relay" + System.identityHashCode(this);
    private @Nullable Server controlServer;
    private @Nullable Server relayServer;
    private @Nullable RelayService relay;

    /** Starts both. */
    void start() throws IOException {
        int port = serve(0);
        start(() -> channel(port), PATIENCE);
    }

    /**
     * Starts the relay alone.
     *
     * @param upstream how it reaches its control plane
     */
    void start(Upstream upstream, Duration connectTimeout) throws IOException {
        Map<String, OwnResource> resources = new LinkedHashMap<>();
        resources.put(OwnResource.NAME_TABLE, this::table);
        resources.put(OwnResource.PROXY_CONFIG, new MeshRoots(roots -> own.add("roots " + roots)));
        relay =
                new RelayService(
                        upstream,
                        new RelaySettings("istiod:15010", connectTimeout, resources),
                        metrics);
        relayServer = InProcessServerBuilder.forName(name).addService(relay).build().start();
    }

    /** Starts the control plane alone; its port. */
    int serve(int port) throws IOException {
        Server started =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .addService(control)
                        .build()
                        .start();
        controlServer = started;
        return started.getPort();
    }

    /** The control plane goes away. */
    void leave() {
        Objects.requireNonNull(controlServer).shutdownNow();
    }

    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .disableRetry()
                .build();
    }

    private void table(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith("bad")) {
            throw new IOException("no table: " + text);
        }
        own.add(text);
    }

    /** A proxy, by a connection of its own. */
    AggregatedDiscoveryServiceStub proxy() {
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        channels.add(channel);
        return AggregatedDiscoveryServiceGrpc.newStub(channel);
    }

    ScriptedControlPlane control() {
        return control;
    }

    RelayService relay() {
        return Objects.requireNonNull(relay);
    }

    AgentMetrics metrics() {
        return metrics;
    }

    /** What came for the agent itself. A table of names that begins with {@code bad} is refused. */
    List<String> own() {
        return own;
    }

    static void await(BooleanSupplier until) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!until.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(until.getAsBoolean()).isTrue();
    }

    void close() throws InterruptedException {
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
}

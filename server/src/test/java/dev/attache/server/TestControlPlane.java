package dev.attache.server;

import com.google.protobuf.Message;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** java-control-plane's server on a port of its own, fed with resources in YAML. */
final class TestControlPlane implements AutoCloseable {

    private static final String GROUP = "g";
    private static final ConfigLoader LOADER =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    private final SimpleCache<String> cache = new SimpleCache<>(node -> GROUP);
    private final BlockingQueue<String> nacks = new LinkedBlockingQueue<>();
    private final List<Integer> endpointRequests = new CopyOnWriteArrayList<>();
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final Map<String, ClusterLoadAssignment> endpoints = new LinkedHashMap<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Map<String, RouteConfiguration> routes = new LinkedHashMap<>();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private final java.util.function.Consumer<NettyServerBuilder> tuning;
    private int version;
    private int port;
    private Server server;

    TestControlPlane() throws IOException {
        this(builder -> {});
    }

    TestControlPlane(java.util.function.Consumer<NettyServerBuilder> tuning) throws IOException {
        this.tuning = tuning;
        listen();
    }

    int port() {
        return port;
    }

    /**
     * The static resources of a bootstrap whose cluster {@code xds} this is; the last part of it.
     */
    String staticCluster() {
        return """
        static_resources:
          clusters:
          - name: xds
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: xds
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
        """
                .formatted(port);
    }

    void listen() throws IOException {
        V3DiscoveryServer discovery = new V3DiscoveryServer(new Recorder(), cache);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        tuning.accept(builder);
        server =
                builder.addService(discovery.getAggregatedDiscoveryServiceImpl())
                        .addService(discovery.getSecretDiscoveryServiceImpl())
                        .build()
                        .start();
        port = server.getPort();
    }

    void stop() throws InterruptedException {
        server.shutdownNow();
        if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the control plane did not end");
        }
    }

    TestControlPlane cluster(String yaml) {
        Cluster cluster = read(yaml, Cluster.getDefaultInstance());
        clusters.put(cluster.getName(), cluster);
        return this;
    }

    TestControlPlane noCluster(String name) {
        clusters.remove(name);
        endpoints.remove(name);
        return this;
    }

    TestControlPlane endpoints(String cluster, int... ports) {
        StringBuilder yaml =
                new StringBuilder("cluster_name: " + cluster + "\nendpoints:\n- lb_endpoints:\n");
        for (int each : ports) {
            yaml.append(
                    "  - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: "
                            + each
                            + "}}}\n");
        }
        endpoints.put(cluster, read(yaml.toString(), ClusterLoadAssignment.getDefaultInstance()));
        return this;
    }

    TestControlPlane endpoints(String yaml) {
        ClusterLoadAssignment read = read(yaml, ClusterLoadAssignment.getDefaultInstance());
        endpoints.put(read.getClusterName(), read);
        return this;
    }

    TestControlPlane listener(String yaml) {
        Listener listener = read(yaml, Listener.getDefaultInstance());
        listeners.put(listener.getName(), listener);
        return this;
    }

    TestControlPlane noListener(String name) {
        listeners.remove(name);
        return this;
    }

    TestControlPlane routes(String yaml) {
        RouteConfiguration routeConfiguration = read(yaml, RouteConfiguration.getDefaultInstance());
        routes.put(routeConfiguration.getName(), routeConfiguration);
        return this;
    }

    TestControlPlane secret(Secret secret) {
        secrets.put(secret.getName(), secret);
        return this;
    }

    /**
     * Forgets clusters and listeners. What they refer to stays: who asks for a name that there is
     * not gets no answer.
     */
    TestControlPlane clear() {
        clusters.clear();
        listeners.clear();
        return this;
    }

    /** Sends what has been set. */
    void push() {
        version++;
        cache.setSnapshot(
                GROUP,
                Snapshot.create(
                        clusters.values(),
                        endpoints.values(),
                        listeners.values(),
                        routes.values(),
                        secrets.values(),
                        "v" + version));
    }

    /** The next refusal, or null if none comes. */
    String nextNack() throws InterruptedException {
        return nacks.poll(15, TimeUnit.SECONDS);
    }

    /**
     * The next one that starts so; a bad resource is refused again with each response that still
     * has it.
     */
    String nextNack(String start) throws InterruptedException {
        String nack = nextNack();
        while (nack != null && !nack.startsWith(start)) {
            nack = nextNack();
        }
        return nack;
    }

    List<String> nacks() {
        return new ArrayList<>(nacks);
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }

    static <T extends Message> T read(String yaml, T prototype) {
        return LOADER.yaml(yaml, "test", prototype, "test").orThrow().message();
    }

    /** How many names of endpoints each request of the stream asked for so far, in order. */
    List<Integer> endpointRequests() {
        return List.copyOf(endpointRequests);
    }

    private final class Recorder implements DiscoveryServerCallbacks {
        @Override
        public void onV3StreamRequest(long stream, DiscoveryRequest request) {
            if (request.getTypeUrl().endsWith(".ClusterLoadAssignment")) {
                endpointRequests.add(request.getResourceNamesCount());
            }
            if (request.hasErrorDetail()) {
                nacks.add(request.getErrorDetail().getMessage());
            }
        }

        @Override
        public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
            if (request.hasErrorDetail()) {
                nacks.add(request.getErrorDetail().getMessage());
            }
        }
    }
}

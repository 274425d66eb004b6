package dev.attache.examples.demo;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The demo's control plane: java-control-plane's server over delta ADS. Holds what the story has
 * decided so far and publishes a snapshot for each sidecar after every change.
 */
final class DemoControlPlane implements AutoCloseable {

    static final String CLIENT = "client-sidecar";
    static final String SHOP = "shop-sidecar";

    /** One instance of the shop: its version, its sidecar's port and its own. */
    record Instance(String name, String version, int sidecarPort, int appPort) {}

    private final Templates templates = new Templates();
    private final SimpleCache<String> cache = new SimpleCache<>(node -> node.getId());
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final DemoAuthority authority = new DemoAuthority();
    private final Server server;
    private final int clientPort;
    private final List<Instance> instances;
    private final List<Instance> gone = new ArrayList<>();
    private DemoAuthority.Identity client = authority.issue("spiffe://demo/client");
    private DemoAuthority.Identity shop = authority.issue("spiffe://demo/shop");
    private int toV2;
    private boolean badCluster;
    private int version;

    DemoControlPlane(int clientPort, List<Instance> instances) throws IOException {
        this.clientPort = clientPort;
        this.instances = instances;
        this.server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(
                                new V3DiscoveryServer(new Listening(), cache)
                                        .getAggregatedDiscoveryServiceImpl())
                        .build()
                        .start();
        publish();
    }

    int port() {
        return server.getPort();
    }

    /** What proxies refused, as they said it. */
    BlockingQueue<String> refusals() {
        return refusals;
    }

    /** Percent of requests to v2. */
    void shift(int percentToV2) {
        toV2 = percentToV2;
        publish();
    }

    void remove(Instance instance) {
        gone.add(instance);
        publish();
    }

    /** New keys and certificates for both sides; their serial numbers. */
    String rotate() {
        client = authority.issue("spiffe://demo/client");
        shop = authority.issue("spiffe://demo/shop");
        publish();
        return client.serial() + " and " + shop.serial();
    }

    void pushBadCluster(boolean bad) {
        badCluster = bad;
        publish();
    }

    private void publish() {
        String stamp = Integer.toString(++version);
        cache.setSnapshot(
                CLIENT,
                Snapshot.create(
                        clientClusters(),
                        List.of(endpoints("v1"), endpoints("v2")),
                        List.of(
                                templates.message(
                                        "client-listener",
                                        Listener.getDefaultInstance(),
                                        Map.of("port", clientPort))),
                        List.of(
                                templates.message(
                                        "routes",
                                        RouteConfiguration.getDefaultInstance(),
                                        Map.of("v1", 100 - toV2, "v2", toV2))),
                        List.of(identity("client", client), roots()),
                        stamp));
        cache.setSnapshot(
                SHOP,
                Snapshot.create(
                        instances.stream().map(this::appCluster).toList(),
                        List.of(),
                        instances.stream().map(this::inbound).toList(),
                        List.of(),
                        List.of(identity("shop", shop), roots()),
                        stamp));
    }

    private List<Cluster> clientClusters() {
        List<Cluster> clusters = new ArrayList<>();
        for (String name : new String[] {"shop-v1", "shop-v2"}) {
            clusters.add(
                    templates.message(
                            "client-cluster", Cluster.getDefaultInstance(), Map.of("name", name)));
        }
        if (badCluster) {
            clusters.add(templates.message("bad-cluster", Cluster.getDefaultInstance(), Map.of()));
        }
        return clusters;
    }

    private ClusterLoadAssignment endpoints(String of) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (Instance instance : instances) {
            if (instance.version().equals(of) && !gone.contains(instance)) {
                locality.addLbEndpoints(
                        LbEndpoint.newBuilder()
                                .setEndpoint(
                                        Endpoint.newBuilder()
                                                .setAddress(address(instance.sidecarPort()))));
            }
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName("shop-" + of)
                .addEndpoints(locality)
                .build();
    }

    private static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    private Cluster appCluster(Instance instance) {
        return templates.message(
                "server-cluster",
                Cluster.getDefaultInstance(),
                Map.of("instance", instance.name(), "app_port", instance.appPort()));
    }

    private Listener inbound(Instance instance) {
        return templates.message(
                "server-listener",
                Listener.getDefaultInstance(),
                Map.of("instance", instance.name(), "port", instance.sidecarPort()));
    }

    private static Secret identity(String name, DemoAuthority.Identity identity) {
        return Secret.newBuilder()
                .setName(name)
                .setTlsCertificate(
                        TlsCertificate.newBuilder()
                                .setCertificateChain(inline(identity.certificate()))
                                .setPrivateKey(inline(identity.key())))
                .build();
    }

    private Secret roots() {
        return Secret.newBuilder()
                .setName("roots")
                .setValidationContext(
                        CertificateValidationContext.newBuilder()
                                .setTrustedCa(inline(authority.rootPem())))
                .build();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    /** Hears what proxies refuse. */
    private final class Listening implements DiscoveryServerCallbacks {
        @Override
        public void onV3StreamRequest(long stream, DiscoveryRequest request) {
            // The sidecars speak delta.
        }

        @Override
        public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
            if (request.hasErrorDetail()) {
                refusals.add(request.getErrorDetail().getMessage());
            }
        }
    }
}

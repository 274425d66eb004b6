package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stats.Counter;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A proxy in process, driven by java-control-plane's server, carrying real requests.
 *
 * <p>Longer than files here should be: all cases share one proxy in process and the resources of
 * one control plane.
 */
class DynamicConfigIT {

    private static final String LISTENER =
            """
            name: ingress
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: %s
                  rds: {route_config_name: main, config_source: {ads: {}, resource_api_version: V3}}
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;

    private static final String TLS_BY_SDS =
            """
              transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    tls_certificate_sds_secret_configs:
                    - {name: server, sds_config: {ads: {}, resource_api_version: V3}}
            """;

    private static final String CLUSTER =
            """
            name: %s
            type: EDS
            connect_timeout: 2s
            eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3}}
            """;

    private static final String ROUTES =
            """
            name: main
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route: {cluster: %s}
            """;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestControlPlane control;
    private NamedUpstream v1;
    private NamedUpstream v2;

    @BeforeEach
    void start() throws Exception {
        control = keep(new TestControlPlane());
        v1 = keep(new NamedUpstream("v1"));
        v2 = keep(new NamedUpstream("v2"));
    }

    @AfterEach
    void close() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void followsClustersEndpointsListenersAndRoutes(String flavour) throws Exception {
        push("one", v1);
        AttacheServer server = startProxy(flavour, "");
        assertThat(server.state()).isEqualTo(ServerState.LIVE);
        assertThat(get(server)).isEqualTo("200 v1");

        // Endpoints move.
        control.endpoints("one", v2.port()).push();
        awaitBody(server, "200 v2");

        // Routes move to a new cluster.
        control.cluster(CLUSTER.formatted("two")).endpoints("two", v1.port());
        control.routes(ROUTES.formatted("two")).push();
        awaitBody(server, "200 v1");
        assertThat(server.stats().counter("cluster_manager.cluster_added").value())
                .isGreaterThanOrEqualTo(2);

        // The first cluster goes; nothing used it any more.
        control.noCluster("one").push();
        await(() -> onMain(server, () -> !server.plane().clusters().active().containsKey("one")));
        assertThat(get(server)).isEqualTo("200 v1");
        await(() -> server.stats().counters().stream().noneMatch(isOf("cluster.one.")));
        assertThat(server.stats().counters()).anyMatch(isOf("cluster.two."));

        // Coming and going leaves nothing behind.
        int names = server.stats().counters().size();
        for (int round = 0; round < 20; round++) {
            String name = "round-" + round;
            control.cluster(CLUSTER.formatted(name)).endpoints(name, v1.port()).push();
            await(() -> server.stats().counters().stream().anyMatch(isOf("cluster." + name)));
            control.noCluster(name).push();
        }
        await(() -> server.stats().counters().size() <= names);
        assertThat(server.stats().counter("cluster.xds.internal.upstream_rq_200").value())
                .isPositive();

        // The listener goes.
        control.noListener("ingress").push();
        await(() -> server.listenerAddresses().isEmpty());
        assertThat(control.nacks()).isEmpty();
        assertThat(server.stats().counter("http.in.rds.main.update_success").value())
                .isGreaterThanOrEqualTo(0);
    }

    private static Predicate<Counter> isOf(String prefix) {
        return counter -> counter.name().startsWith(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void namesWhatItRefusesAndKeepsServing(String flavour) throws Exception {
        push("one", v1);
        AttacheServer server = startProxy(flavour, "");
        assertThat(get(server)).isEqualTo("200 v1");

        control.cluster("name: bad\nlb_policy: CLUSTER_PROVIDED\n")
                .cluster(CLUSTER.formatted("good"))
                .endpoints("good", v2.port())
                .push();
        assertThat(control.nextNack())
                .startsWith("Error adding/updating cluster(s) bad: ")
                .contains("lb_policy");
        await(() -> onMain(server, () -> server.plane().clusters().active().containsKey("good")));
        assertThat(get(server)).isEqualTo("200 v1");

        control.noCluster("bad").routes(ROUTES.formatted("good")).push();
        awaitBody(server, "200 v2");

        // What breaks a constraint is no message: nothing of its response is taken.
        control.cluster("name: bad\nconnect_timeout: -1s\n")
                .cluster(CLUSTER.formatted("late"))
                .endpoints("late", v1.port())
                .push();
        assertThat(control.nextNack("cluster bad: "))
                .startsWith("cluster bad: connect_timeout: Proto constraint validation failed");
        assertThat(onMain(server, () -> server.plane().clusters().exists("late"))).isFalse();
        assertThat(get(server)).isEqualTo("200 v2");
    }

    @Test
    void refusesTheListenerWhosePortIsTaken() throws Exception {
        push("one", v1);
        AttacheServer server = startProxy("DELTA_GRPC", "");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String second =
                    LISTENER.formatted("second")
                            .replace("name: ingress", "name: second")
                            .replace("port_value: 0", "port_value: " + taken.getLocalPort());
            control.listener(second).push();
            assertThat(control.nextNack())
                    .startsWith("Error adding/updating listener(s) second: ")
                    .contains("Address already in use");
        }
        assertThat(get(server)).isEqualTo("200 v1");
        assertThat(server.listenerAddresses()).containsOnlyKeys("ingress");
    }

    @Test
    void startsWithoutTheListenerWhosePortIsTaken() throws Exception {
        push("one", v1);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String second =
                    LISTENER.formatted("second")
                            .replace("name: ingress", "name: second")
                            .replace("port_value: 0", "port_value: " + taken.getLocalPort());
            control.listener(second).push();
            AttacheServer server = startProxy("DELTA_GRPC", "");
            assertThat(get(server)).isEqualTo("200 v1");
            StoredResource refused =
                    onMain(
                            server,
                            () ->
                                    server.plane().listeners().stored().stream()
                                            .filter(each -> each.name().equals("second"))
                                            .findFirst()
                                            .orElseThrow());
            assertThat(refused.error()).isNotNull();
            assertThat(refused.error().details()).contains("Address already in use");
        }
    }

    @Test
    void losesNoRequestWhileEverythingChanges() throws Exception {
        push("c0", v1);
        AttacheServer server = startProxy("DELTA_GRPC", "");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            load.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (!stop.get()) {
                                    try {
                                        String answer = get(server);
                                        if (!answer.startsWith("200 ")) {
                                            failures.add(answer);
                                        }
                                        served.incrementAndGet();
                                    } catch (Exception e) {
                                        failures.add(e.toString());
                                    }
                                }
                            }));
        }
        for (int update = 1; update <= 40; update++) {
            String next = "c" + update % 3;
            control.cluster(
                            CLUSTER.formatted(next)
                                    + "per_connection_buffer_limit_bytes: "
                                    + (1_000_000 + update))
                    .endpoints(next, update % 2 == 0 ? v1.port() : v2.port());
            control.push();
            String wanted = next;
            await(() ->
                    onMain(server, () -> server.plane().clusters().active().containsKey(wanted)));
            control.routes(ROUTES.formatted(next));
            control.push();
            int before = served.get();
            await(() -> served.get() > before + 5);
        }
        stop.set(true);
        for (Thread thread : load) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(served.get()).isGreaterThan(200);
        assertThat(control.nacks()).isEmpty();
    }

    @Test
    void keepsServingWhileTheControlPlaneIsDown() throws Exception {
        push("one", v1);
        AttacheServer server = startProxy("DELTA_GRPC", "");
        assertThat(get(server)).isEqualTo("200 v1");
        control.stop();
        await(() -> server.stats().gauge("control_plane.connected_state").value() == 0);
        for (int i = 0; i < 20; i++) {
            assertThat(get(server)).isEqualTo("200 v1");
        }
        control.listen();
        control.endpoints("one", v2.port()).push();
        awaitBody(server, "200 v2");
        assertThat(server.stats().gauge("control_plane.connected_state").value()).isEqualTo(1);
    }

    @Test
    void rotatesACertificateForTheNextHandshakeAndBreaksNoConnection() throws Exception {
        TestCertificates ca = TestCertificates.authority("CN=ca");
        push("one", v1);
        control.secret(certificate(ca.leaf("CN=first").dns("localhost").issue()));
        control.listener(LISTENER.formatted("tls") + TLS_BY_SDS).push();
        AttacheServer server = startProxy("DELTA_GRPC", "");

        try (SSLSocket held = handshake(server)) {
            assertThat(subject(held)).isEqualTo("CN=first");
            control.secret(certificate(ca.leaf("CN=second").dns("localhost").issue())).push();
            await(() -> {
                try (SSLSocket fresh = handshake(server)) {
                    return subject(fresh).equals("CN=second");
                }
            });
            held.getOutputStream().write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes("US-ASCII"));
            byte[] answer = held.getInputStream().readNBytes(15);
            assertThat(new String(answer, "US-ASCII")).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(control.nacks()).isEmpty();
    }

    @Test
    void reachesAControlPlaneByMutualTls(@TempDir Path dir) throws Exception {
        TestCertificates ca = TestCertificates.authority("CN=ca");
        TestCertificates.Issued serverSide =
                ca.leaf("CN=cp").uri("spiffe://mesh/control-plane").issue();
        TestCertificates.Issued clientSide = ca.leaf("CN=proxy").uri("spiffe://mesh/proxy").issue();
        control.stop();
        open.remove(control);
        var context =
                GrpcSslContexts.forServer(
                                new ByteArrayInputStream(serverSide.chainPem()),
                                new ByteArrayInputStream(serverSide.keyPem()))
                        .trustManager(new ByteArrayInputStream(ca.pem()))
                        .clientAuth(ClientAuth.REQUIRE)
                        .build();
        control = keep(new TestControlPlane(builder -> builder.sslContext(context)));
        push("one", v1);
        Path chain = Files.write(dir.resolve("chain.pem"), clientSide.chainPem());
        Path key = Files.write(dir.resolve("key.pem"), clientSide.keyPem());
        Path root = Files.write(dir.resolve("root.pem"), ca.pem());
        AttacheServer server =
                startProxy(
                        "DELTA_GRPC",
                        """
                            transport_socket:
                              name: tls
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                                sni: not-checked.example
                                common_tls_context:
                                  tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}]
                                  validation_context:
                                    trusted_ca: {filename: %s}
                                    match_typed_subject_alt_names:
                                    - {san_type: URI, matcher: {exact: "spiffe://mesh/control-plane"}}
                        """
                                .formatted(chain, key, root));
        assertThat(get(server)).isEqualTo("200 v1");
    }

    @Test
    void followsFilesThatAreMovedIntoPlace(@TempDir Path dir) throws Exception {
        Path clusters = dir.resolve("cds.yaml");
        Path listeners = dir.resolve("lds.yaml");
        write(
                clusters,
                resources(
                        "Cluster",
                        "cluster.v3.Cluster",
                        """
                          name: one
                          load_assignment:
                            cluster_name: one
                            endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
                        """
                                .formatted(v1.port())));
        String inline =
                LISTENER.formatted("file")
                        .replace(
                                "rds: {route_config_name: main, config_source: {ads: {},"
                                        + " resource_api_version: V3}}",
                                "route_config: {virtual_hosts: [{name: all, domains: [\"*\"],"
                                        + " routes: [{match: {prefix: /}, route: {cluster: one}}]}]}");
        write(listeners, resources("Listener", "listener.v3.Listener", inline.indent(2)));
        String bootstrap =
                """
                dynamic_resources:
                  cds_config: {path_config_source: {path: %s}}
                  lds_config: {path_config_source: {path: %s}}
                """
                        .formatted(clusters, listeners);
        AttacheServer server = startFrom("node: {id: node-1, cluster: demo}\n" + bootstrap);
        assertThat(get(server)).isEqualTo("200 v1");
        Path next = dir.resolve("next");
        Files.writeString(next, Files.readString(clusters).replace("" + v1.port(), "" + v2.port()));
        Files.move(next, clusters, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        awaitBody(server, "200 v2");
    }

    private static String resources(String kind, String message, String yaml) {
        return "version_info: \"1\"\nresources:\n- \"@type\": type.googleapis.com/envoy.config."
                + message
                + "\n"
                + yaml;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private void push(String cluster, NamedUpstream upstream) {
        control.cluster(CLUSTER.formatted(cluster))
                .endpoints(cluster, upstream.port())
                .listener(LISTENER.formatted("in"))
                .routes(ROUTES.formatted(cluster))
                .push();
    }

    private AttacheServer startProxy(String flavour, String transportSocket) throws Exception {
        return startFrom(
                """
                node: {id: node-1, cluster: demo}
                dynamic_resources:
                  ads_config:
                    api_type: %s
                    transport_api_version: V3
                    set_node_on_first_message_only: true
                    grpc_services: [{envoy_grpc: {cluster_name: xds}}]
                  cds_config: {ads: {}, resource_api_version: V3}
                  lds_config: {ads: {}, resource_api_version: V3}
                """
                                .formatted(flavour)
                        + control.staticCluster()
                        + transportSocket);
    }

    private AttacheServer startFrom(String bootstrap) throws Exception {
        AttacheServer server =
                keep(
                        AttacheServer.start(
                                ServerOptions.builder()
                                        .configYaml(bootstrap)
                                        .concurrency(2)
                                        .drainTime(Duration.ofSeconds(1))
                                        .build()));
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
        return server;
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private static int port(AttacheServer server) {
        List<Address> bound = server.listenerAddresses().get("ingress");
        return ((IpAddress) bound.getFirst()).port();
    }

    private String get(AttacheServer server) throws Exception {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + port(server) + "/x"))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private void awaitBody(AttacheServer server, String wanted) throws Exception {
        await(() -> get(server).equals(wanted));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static <T> T onMain(AttacheServer server, Callable<T> task) throws Exception {
        return server.mainLoop().eventLoop().submit(task).get();
    }

    private static Secret certificate(TestCertificates.Issued issued) {
        return Secret.newBuilder()
                .setName("server")
                .setTlsCertificate(
                        TlsCertificate.newBuilder()
                                .setCertificateChain(inline(issued.chainPem()))
                                .setPrivateKey(inline(issued.keyPem())))
                .build();
    }

    private static DataSource inline(byte[] bytes) {
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFrom(bytes)).build();
    }

    private static SSLSocket handshake(AttacheServer server) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port(server));
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws Exception {
        X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return leaf.getSubjectX500Principal().getName();
    }

    /** The test looks at the certificate itself. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

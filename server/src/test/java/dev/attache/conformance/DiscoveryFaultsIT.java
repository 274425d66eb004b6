package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.conformance.ScriptedDiscovery.Named;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A control plane that is late, wrong, silent or gone: what the real Envoy answers and does then,
 * and what Attache does. One start of each proxy plays the whole script; it is one class, long as
 * it is, because what a step finds depends on the steps before it.
 */
@Tag("conformance")
final class DiscoveryFaultsIT {

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void doesWhatEnvoyDoes(String apiType, @TempDir Path directory) throws Exception {
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys")));
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<List<String>> envoy =
                    both.submit(script(Peers.envoy(), apiType, directory, certificates));
            Future<List<String>> attache =
                    both.submit(script(Peers.subject(), apiType, directory, certificates));
            assertThat(String.join("\n", attache.get())).isEqualTo(String.join("\n", envoy.get()));
        }
    }

    private static Callable<List<String>> script(
            Path binary, String apiType, Path directory, Certificates certificates) {
        return () -> {
            Path work = Files.createDirectories(directory.resolve(apiType + binary.getFileName()));
            try (Upstream upstream = new Upstream("up", Map.of(), certificates, new Normaliser());
                    ScriptedDiscovery control = new ScriptedDiscovery()) {
                Script script = new Script(binary, apiType, work, upstream, control);
                script.play();
                return script.seen;
            }
        };
    }

    /** One proxy's play. */
    private static final class Script {
        private static final Duration PATIENCE = Duration.ofSeconds(20);
        private final List<String> seen = new ArrayList<>();
        private final Path binary;
        private final String apiType;
        private final Path work;
        private final Upstream upstream;
        private final ScriptedDiscovery control;
        private final int admin = Ports.free();
        private final int first = Ports.free();
        private final int second = Ports.free();
        private final int third = Ports.free();

        Script(
                Path binary,
                String apiType,
                Path work,
                Upstream upstream,
                ScriptedDiscovery control) {
            this.binary = binary;
            this.apiType = apiType;
            this.work = work;
            this.upstream = upstream;
            this.control = control;
        }

        void play() throws Exception {
            Path config =
                    Files.writeString(
                            work.resolve("envoy.yaml"),
                            PeerBootstraps.ads(
                                    admin,
                                    control.port(),
                                    apiType,
                                    "{id: test-id, cluster: test}"));
            Thread late = Thread.ofVirtual().start(this::appear);
            try (ProxyProcess proxy = ProxyProcess.start(binary, config, work, admin, List.of())) {
                late.join();
                seen.add("live");
                wrongAmongRight();
                everythingOutOfOrder();
                awaitedSecretThatIsRemoved();
                nonsense();
                streamsThatEnd();
                emptied();
                seen.add("alive: " + proxy.alive());
            }
        }

        /** The proxy is not live before it has heard of clusters and listeners. */
        private void appear() {
            try {
                PeerProcess.eventually(PATIENCE, () -> ready().contains("PRE_INITIALIZING"));
                seen.add("without a control plane: " + ready().strip());
                control.listen();
                control.awaitStream(0, "Cluster");
                seen.add("no clusters: " + control.send("Cluster", List.of(), List.of()));
                control.awaitStream(0, "Listener");
                seen.add("without listeners: " + ready().strip());
                seen.add("no listeners: " + control.send("Listener", List.of(), List.of()));
            } catch (IOException | InterruptedException e) {
                seen.add(e.toString());
            }
        }

        /** One bad resource in a response; what is beside it, and what was there before. */
        private void wrongAmongRight() throws Exception {
            send("a good cluster", "Cluster", fixed("a"));
            send("its listener", "Listener", listener("one", first, "a"));
            answers("serves", first);
            Cluster wrong =
                    fixed("a").toBuilder()
                            .setConnectTimeout(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(-1))
                            .build();
            send("good beside wrong", "Cluster", wrong, fixed("b"));
            stats("cluster_manager.cds.update_rejected");
            answers("serves", first);
            send(
                    "a listener without chains beside a good one",
                    "Listener",
                    listener("one", first, "b"),
                    Listener.newBuilder().setName("bad").build());
            stats("listener_manager.lds.update_rejected");
            answers("serves", first);
        }

        /** Routes and endpoints that come late, or before anybody knows what they are for. */
        private void everythingOutOfOrder() throws Exception {
            send(
                    "a listener that waits for routes",
                    "Listener",
                    listener("one", first, "a"),
                    dynamic("two", second));
            control.awaitAsked("RouteConfiguration", "late");
            answers("not yet", second);
            send("routes to a cluster that is not there", "RouteConfiguration", routes("late"));
            answers("listens", second);
            // Envoy acknowledges once it has warmed, Attache at once.
            String clusters =
                    control.say(
                            "Cluster",
                            List.of(new Named("a", fixed("a")), new Named("late", byEds("late"))),
                            List.of());
            control.awaitAsked("ClusterLoadAssignment", "late");
            answers("waits for endpoints", second);
            send("an assignment that nobody asked for", "ClusterLoadAssignment", assigned("x"));
            send("its endpoints", "ClusterLoadAssignment", assigned("late"));
            seen.add("the cluster: " + control.answer(clusters));
            answers("serves", second);
            send(
                    "endpoints that are wrong",
                    "ClusterLoadAssignment",
                    ScriptedDiscovery.read(
                            "{cluster_name: late, endpoints: [{priority: 129}]}",
                            ClusterLoadAssignment.getDefaultInstance()));
            stats("cluster.late.update_rejected");
            answers("serves", second);
            send("no endpoints", "ClusterLoadAssignment", assigned("late", new int[0]));
            answers("has none", second);
            send("endpoints again", "ClusterLoadAssignment", assigned("late"));
            answers("serves", second);
        }

        /** A listener whose certificate the control plane does not have. */
        private void awaitedSecretThatIsRemoved() throws Exception {
            send(
                    "a listener that waits for a secret",
                    "Listener",
                    listener("one", first, "a"),
                    dynamic("two", second),
                    secured("three", third));
            control.awaitAsked("Secret", "missing");
            answers("not yet", third);
            if (apiType.startsWith("DELTA")) {
                String answer = control.send("Secret", List.of(), List.of("missing"));
                seen.add("the secret is not there: " + answer);
                answers("open, and resets", third);
            } else {
                seen.add("no secrets: " + control.send("Secret", List.of(), List.of()));
                answers("still waits", third);
            }
            send(
                    "a secret of no use",
                    "Secret",
                    ScriptedDiscovery.read(
                            "{name: missing, tls_certificate: {certificate_chain: {inline_string:"
                                    + " none}, private_key: {inline_string: none}}}",
                            Secret.getDefaultInstance()));
            answers("others serve", second);
        }

        /** Responses that cannot be understood. */
        private void nonsense() throws Exception {
            send("the same cluster twice", "Cluster", fixed("a"), fixed("a"), byEds("late"));
            Any unreadable =
                    Any.newBuilder()
                            .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
                            .setValue(ByteString.copyFrom(new byte[] {10, 127, 1}))
                            .build();
            seen.add(
                    "bytes that are no cluster: "
                            + control.send(
                                    "Cluster", List.of(new Named("u", unreadable)), List.of()));
            seen.add(
                    "a listener among clusters: "
                            + control.send(
                                    "Cluster",
                                    List.of(new Named("l", listener("one", first, "a"))),
                                    List.of()));
            stats("cluster_manager.cds.update_rejected");
            answers("serves", second);
        }

        /** After each end everything is asked for again, refused or not. */
        private void streamsThatEnd() throws Exception {
            for (String end : List.of("ended", "failed", "gone")) {
                int before = control.streams();
                switch (end) {
                    case "ended" -> control.endStream();
                    case "failed" -> control.failStream();
                    default -> {
                        control.stop();
                        answers("serves without a control plane", second);
                        control.listen();
                    }
                }
                boolean back =
                        control.awaitStream(
                                before,
                                "Cluster",
                                "Listener",
                                "RouteConfiguration",
                                "ClusterLoadAssignment",
                                "Secret");
                seen.add(end + ", back " + back + ": " + control.subscriptions());
                answers("serves", second);
            }
        }

        /** Empty means nothing, in SotW; in delta removal does. */
        private void emptied() throws Exception {
            boolean delta = apiType.startsWith("DELTA");
            seen.add(
                    "no listeners: "
                            + control.send(
                                    "Listener",
                                    List.of(),
                                    delta ? List.of("one", "two", "three", "none") : List.of()));
            answers("gone", first);
            answers("gone", second);
            seen.add(
                    "no clusters: "
                            + control.send(
                                    "Cluster",
                                    List.of(),
                                    delta ? List.of("a", "b", "late") : List.of()));
            stats("cluster_manager.active_clusters", "listener_manager.total_listeners_active");
        }

        private void send(String what, String type, com.google.protobuf.Message... resources)
                throws InterruptedException {
            List<Named> named =
                    Arrays.stream(resources).map(each -> new Named(name(each), each)).toList();
            seen.add(what + ": " + control.send(type, named, List.of()));
        }

        private static String name(com.google.protobuf.Message resource) {
            return switch (resource) {
                case Cluster cluster -> cluster.getName();
                case Listener listener -> listener.getName();
                case RouteConfiguration routes -> routes.getName();
                case ClusterLoadAssignment assignment -> assignment.getClusterName();
                case Secret secret -> secret.getName();
                default -> throw new IllegalArgumentException(resource.toString());
            };
        }

        /** Polls until the answer has stayed the same for a moment, and writes it down. */
        private void answers(String what, int port) throws InterruptedException {
            seen.add(what + ": " + settled(() -> get(port)));
        }

        private static String settled(Supplier<String> probe) throws InterruptedException {
            String last = "";
            int same = 0;
            for (int i = 0; i < 80 && same < 4; i++) {
                String now = probe.get();
                same = now.equals(last) ? same + 1 : 0;
                last = now;
                Thread.sleep(100);
            }
            return last;
        }

        private void stats(String... names) throws InterruptedException {
            for (String name : names) {
                seen.add(
                        settled(() ->
                                PeerProcess.http("GET", admin, "/stats?filter=%5E" + name + "%24")
                                        .strip()));
            }
        }

        private String ready() {
            return PeerProcess.http("GET", admin, "/ready");
        }

        private static String get(int port) {
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
                socket.setSoTimeout(3000);
                String response =
                        new Http1Client(socket).exchange(Map.of("path", "/"), new Normaliser());
                return response.lines().findFirst().orElse("closed");
            } catch (java.net.ConnectException refused) {
                return "refused";
            } catch (java.net.SocketTimeoutException silent) {
                return "silent";
            } catch (IOException e) {
                return "closed";
            }
        }

        private Cluster fixed(String name) {
            return ScriptedDiscovery.read(
                    """
                    name: %s
                    type: STATIC
                    load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                    """
                            .formatted(name, name, upstream.port(0)),
                    Cluster.getDefaultInstance());
        }

        private static Cluster byEds(String name) {
            return ScriptedDiscovery.read(
                    """
                    name: %s
                    type: EDS
                    eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}}
                    """
                            .formatted(name),
                    Cluster.getDefaultInstance());
        }

        private ClusterLoadAssignment assigned(String cluster) {
            return assigned(cluster, upstream.port(0));
        }

        private static ClusterLoadAssignment assigned(String cluster, int... ports) {
            StringBuilder hosts = new StringBuilder();
            for (int port : ports) {
                hosts.append(
                        "{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}"
                                .formatted(port));
            }
            return ScriptedDiscovery.read(
                    "{cluster_name: %s, endpoints: [{lb_endpoints: [%s]}]}"
                            .formatted(cluster, hosts),
                    ClusterLoadAssignment.getDefaultInstance());
        }

        private static Listener listener(String name, int port, String cluster) {
            return listener(
                    name,
                    port,
                    "route_config: {virtual_hosts: [{name: v, domains: ['*'], routes: [{match:"
                            + " {prefix: /}, route: {cluster: %s}}]}]}".formatted(cluster),
                    "");
        }

        private static Listener dynamic(String name, int port) {
            return listener(
                    name,
                    port,
                    "rds: {route_config_name: late, config_source: {ads: {},"
                            + " resource_api_version: V3, initial_fetch_timeout: 0s}}",
                    "");
        }

        private static Listener secured(String name, int port) {
            return listener(
                    name,
                    port,
                    "route_config: {virtual_hosts: []}",
                    """
                      transport_socket:
                        name: tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          common_tls_context: {tls_certificate_sds_secret_configs: [{name: missing, sds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}}]}
                    """);
        }

        private static Listener listener(String name, int port, String routes, String socket) {
            return ScriptedDiscovery.read(
                    """
                    name: %s
                    address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                    filter_chains:
                    - filters:
                      - name: hcm
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: main
                          %s
                          http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                    %s
                    """
                            .formatted(name, port, routes, socket),
                    Listener.getDefaultInstance());
        }

        private static RouteConfiguration routes(String name) {
            return ScriptedDiscovery.read(
                    "{name: %s, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: late}}]}]}"
                            .formatted(name),
                    RouteConfiguration.getDefaultInstance());
        }
    }
}

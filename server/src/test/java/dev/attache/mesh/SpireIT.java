package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SPIRE gives Attache and Envoy their identities, by its own socket and checked by its SPIFFE
 * validator: each calls the other over mutual TLS while certificates are replaced.
 */
@Tag("conformance")
final class SpireIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int LIFE = 12;

    @TempDir static Path directory;

    /** Where a proxy listens: in plain text for the test, with TLS for the other. */
    private record Places(int admin, int plain, int secure) {
        static Places free() {
            return new Places(Ports.free(), Ports.free(), Ports.free());
        }
    }

    @BeforeAll
    static void spireIsThere() {
        Assumptions.assumeTrue(
                Files.isExecutable(Peers.peer("spire").resolve("spire-server")),
                "no SPIRE: .ci/peers/spire.sh builds it");
    }

    @Test
    void bothEndsTakeTheIdentitiesOfSpireWhileTheyAreReplaced()
            throws IOException, InterruptedException {
        Path socket = directory.resolve("sds.sock");
        Places ours = Places.free();
        Places theirs = Places.free();
        try (Spire spire = new Spire(directory.resolve("spire"), socket, LIFE);
                PeerProcess attache = proxy("attache", Peers.subject(), socket, ours, theirs);
                PeerProcess envoy = proxy("envoy", Peers.envoy(), socket, theirs, ours)) {
            assertThat(PeerProcess.eventually(PATIENCE, () -> call(ours).equals("200 of envoy")))
                    .as("%s%s", attache.log(), envoy.log())
                    .isTrue();
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE, () -> call(theirs).equals("200 of attache")))
                    .as("%s%s", attache.log(), envoy.log())
                    .isTrue();

            int calls = 0;
            while (updates(ours) < 4) {
                assertThat(call(ours)).isEqualTo("200 of envoy");
                assertThat(call(theirs)).isEqualTo("200 of attache");
                assertThat(calls++).as("calls without a new certificate").isLessThan(600);
                Thread.sleep(100);
            }
            assertThat(PeerProcess.http("GET", ours.admin, "/certs")).contains(Spire.IDENTITY);
            assertThat(PeerProcess.http("GET", ours.admin, "/stats?filter=fail_verify"))
                    .doesNotContainPattern("fail_verify_(error|san|no_cert): [1-9]");
        }
    }

    /** The agent notices whose the socket is: it signs nothing and serves files elsewhere. */
    @Test
    void theAgentLeavesTheSocketToSpire() throws IOException, InterruptedException {
        Path home = directory.resolve("home");
        Path socket = home.resolve("var/run/secrets/workload-spiffe-uds/socket");
        Files.createDirectories(socket.getParent());
        Files.createDirectories(home.resolve("etc/istio/config"));
        int status = Ports.free();
        Files.writeString(
                home.resolve("etc/istio/config/mesh"),
                "defaultConfig: {discoveryAddress: 'localhost:%d', statusPort: %d}"
                        .formatted(Ports.free(), status));
        try (Spire spire = new Spire(directory.resolve("again"), socket, LIFE);
                PeerProcess agent =
                        PeerProcess.start(
                                home,
                                Map.of("DISABLE_ENVOY", "true", "CLOUD_PLATFORM", "none"),
                                List.of(Peers.subject().toString(), "agent", "proxy", "sidecar"))) {
            Path files = home.resolve("var/run/secrets/credential-uds/files-socket");
            assertThat(PeerProcess.eventually(PATIENCE, () -> Files.exists(files)))
                    .as("%s", agent.log())
                    .isTrue();
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () ->
                                            PeerProcess.http("GET", status, "/metrics")
                                                    .contains("istio_agent_")))
                    .isTrue();
            assertThat(PeerProcess.http("GET", status, "/metrics"))
                    .doesNotContain("num_outgoing_requests");
            assertThat(Files.exists(socket)).isTrue();
        }
    }

    /** A token is for istiod alone: what peers are shown comes from SPIRE. */
    @Test
    void aMachineIsOnboardedWithTheIdentityOfSpire() throws Exception {
        Path socket = directory.resolve("onboard.sock");
        Path pod = Files.createDirectories(directory.resolve("onboarded"));
        TestCertificates mesh = TestCertificates.authority("O=mesh");
        Path root = Files.write(pod.resolve("root.pem"), mesh.pem());
        Path gone = pod.resolve("gone.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(gone))
                .close();
        try (Spire spire = new Spire(pod.resolve("spire"), socket, 3600);
                SigningIstiod istiod = new SigningIstiod(pod, mesh)) {
            istiod.token(pod, "server", Duration.ofHours(1));
            String token = "--token=" + pod.resolve("var/run/secrets/tokens/istio-token");
            List<String> credentials =
                    List.of("--root-cert=" + root, "--spire-socket=" + socket, token);
            OnboardedImage machine =
                    new OnboardedImage(istiod, pod.resolve("machine"), "server", credentials);
            machine.refuses(
                    16, "nobody serves secrets at", "socket_path", "--spire-socket=" + gone);
            machine.refuses(17, "is to be default/web", "--namespace", "--service-account=web");
            assertThat(machine.onboarded()).contains("the socket gives " + Spire.IDENTITY);
            assertThat(machine.started()).contains("\"uri\": \"" + Spire.IDENTITY);
        }
    }

    private static String call(Places places) {
        return PeerProcess.http("GET", places.plain, "/");
    }

    private static long updates(Places places) {
        String stats = PeerProcess.http("GET", places.admin, "/stats?filter=sds.*default");
        return stats.lines()
                .filter(line -> line.contains("update_success"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElse(0);
    }

    private static PeerProcess proxy(
            String name, Path program, Path socket, Places own, Places other) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        String text =
                """
                node: {id: "%s", cluster: mesh}
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                static_resources:
                  clusters:
                  - name: spire
                    type: STATIC
                    connect_timeout: 1s
                    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}
                    load_assignment: {cluster_name: spire, endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: "%s"}}}}]}]}
                  - name: other
                    type: STATIC
                    connect_timeout: 5s
                    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http_protocol_options: {}}, common_http_protocol_options: {max_requests_per_connection: 1}}}
                    load_assignment: {cluster_name: other, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                    transport_socket: {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, %s}}
                  listeners:
                  - %s
                  - %s
                """
                        .formatted(
                                name,
                                own.admin,
                                socket,
                                other.secure,
                                secrets(),
                                listener("plain", own.plain, "route: {cluster: other}", ""),
                                listener(
                                        "secure",
                                        own.secure,
                                        "direct_response: {status: 200, body: {inline_string: \"200 of "
                                                + name
                                                + "\"}}",
                                        ", transport_socket: {name: tls, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, require_client_certificate: true, "
                                                + secrets()
                                                + "}}"));
        Path file = Files.writeString(home.resolve("proxy.yaml"), text);
        return PeerProcess.start(
                home,
                Map.of(),
                List.of(
                        program.toString(),
                        "-c",
                        file.toString(),
                        "--concurrency",
                        "1",
                        "--use-dynamic-base-id"));
    }

    /** As Istio's bootstrap and SPIRE's manual name them. */
    private static String secrets() {
        String source =
                "sds_config: {resource_api_version: V3, api_config_source: {api_type: GRPC,"
                        + " transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name:"
                        + " spire}}]}}";
        return "common_tls_context: {tls_certificate_sds_secret_configs: [{name: default, "
                + source
                + "}], combined_validation_context: {default_validation_context:"
                + " {match_typed_subject_alt_names: [{san_type: URI, matcher: {exact: \""
                + Spire.IDENTITY
                + "\"}}]}, validation_context_sds_secret_config: {name: ROOTCA, "
                + source
                + "}}}";
    }

    private static String listener(String name, int port, String action, String tls) {
        return ("{name: %s, address: {socket_address: {address: 127.0.0.1, port_value: %d}},"
                        + " filter_chains: [{filters: [{name: hcm, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                        + " stat_prefix: %s, route_config: {virtual_hosts: [{name: v, domains:"
                        + " [\"*\"], routes: [{match: {prefix: /}, %s}]}]}, http_filters: [{name:"
                        + " r, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]%s}]}")
                .formatted(name, port, name, action, tls);
    }
}

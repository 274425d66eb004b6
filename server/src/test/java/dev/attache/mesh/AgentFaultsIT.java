package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process, agent and proxy: the control plane, the authority and the application's metrics take
 * connections and say nothing, names are asked for that have not come. Requests go through the
 * proxy all the while.
 */
@Tag("conformance")
final class AgentFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 4000;

    @TempDir static Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int served = Ports.free();
    private final int admin = Ports.free();
    private final int status = Ports.free();
    private final int names = Ports.free();

    @Test
    void whatHangsOfTheAgentStopsNoRequest() throws Exception {
        try (Mute controlPlane = new Mute();
                Mute authority = new Mute();
                Mute application = new Mute();
                PeerProcess agent = agent(controlPlane, authority, application, Map.of())) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE, () -> get(served, "/").equals("200 served")))
                    .as("%s", agent.log())
                    .isTrue();
            assertThat(PeerProcess.eventually(PATIENCE, () -> controlPlane.taken() > 0)).isTrue();
            assertThat(PeerProcess.eventually(PATIENCE, () -> authority.taken() > 0)).isTrue();

            AtomicInteger scrapes = new AtomicInteger();
            for (int i = 0; i < 30; i++) {
                client.sendAsync(request(status, "/stats/prometheus"), BodyHandlers.discarding())
                        .thenRun(scrapes::incrementAndGet);
            }
            assertThat(PeerProcess.eventually(PATIENCE, () -> application.taken() >= 30)).isTrue();
            ask(names, 200);

            List<String> others = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String answer = get(served, "/");
                if (!answer.equals("200 served")) {
                    others.add(answer);
                }
            }
            assertThat(others).isEmpty();
            assertThat(scrapes).as("scrapes that the application let go").hasValue(0);
            assertThat(get(status, "/healthz/ready")).startsWith("503");
            assertThat(get(admin, "/server_info")).startsWith("200");
        }
    }

    /** Not an agent without its proxy, nor the other way round. */
    @Test
    void anExhaustedHeapEndsBothWithALine() throws Exception {
        Map<String, String> tiny = Map.of("ATTACHE_JAVA_OPTIONS", "-Xms8m -Xmn4m -Xmx8m");
        try (Mute nobody = new Mute();
                PeerProcess agent = agent(nobody, nobody, nobody, tiny)) {
            assertThat(agent.await(PATIENCE)).as("%s", agent.log()).isEqualTo(3);
            assertThat(agent.log()).contains("java.lang.OutOfMemoryError: Java heap space");
        }
    }

    /** Status and body, or why there is no answer. */
    private String get(int port, String path) {
        try {
            HttpResponse<String> answer = client.send(request(port, path), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return String.valueOf(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
    }

    /** Questions for names that the mesh does not have, whose answers nobody waits for. */
    private static void ask(int port, int count) throws IOException {
        byte[] question = {
            0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 'o', 't', 'h', 'e', 'r', 4, 't', 'e', 's', 't',
            0, 0, 16, 0, 1
        };
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
                question[0] = (byte) i;
                socket.send(
                        new DatagramPacket(
                                question, question.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }

    private PeerProcess agent(
            Mute controlPlane, Mute authority, Mute application, Map<String, String> more)
            throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(home.resolve("var/run/secrets/tokens"));
        Files.writeString(home.resolve("var/run/secrets/tokens/istio-token"), "a.b.c");
        Files.createDirectories(home.resolve("var/run/secrets/istio"));
        Files.write(
                home.resolve("var/run/secrets/istio/root-cert.pem"),
                TestCertificates.authority("CN=mesh").self().certificatePem());
        Path bootstrap = Files.writeString(home.resolve("bootstrap.yaml"), bootstrap(home));
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "PROXY_CONFIG",
                """
                {"customConfigFile": "%s", "configPath": "%s", "proxyAdminPort": %d, "statusPort": %d, "concurrency": 1,
                 "discoveryAddress": "localhost:%d", "controlPlaneAuthPolicy": "NONE"}\
                """
                        .formatted(bootstrap, home, admin, status, controlPlane.port()));
        environment.put("CA_ADDR", "localhost:" + authority.port());
        environment.put("CLOUD_PLATFORM", "none");
        environment.put("INSTANCE_IP", "127.0.0.1");
        environment.put("ISTIO_META_DNS_CAPTURE", "true");
        environment.put("DNS_PROXY_ADDR", "127.0.0.1:" + names);
        environment.put(
                "ISTIO_PROMETHEUS_ANNOTATIONS",
                "{\"scrape\":\"true\",\"path\":\"/metrics\",\"port\":\"%d\"}"
                        .formatted(application.port()));
        environment.putAll(more);
        return PeerProcess.start(home, environment, AgentPod.ours("sidecar"));
    }

    private String bootstrap(Path home) {
        return """
        node: {id: "sidecar~127.0.0.1~lone.default~default.svc.cluster.local", cluster: lone.default}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          lds_config: {ads: {}, initial_fetch_timeout: 1s, resource_api_version: V3}
          cds_config: {ads: {}, initial_fetch_timeout: 1s, resource_api_version: V3}
          ads_config: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds-grpc}}]}
        static_resources:
          clusters:
          - name: xds-grpc
            type: STATIC
            typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}
            load_assignment: {cluster_name: xds-grpc, endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: "%s/XDS"}}}}]}]}
          listeners:
          - name: served
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: served
                  route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: served}}}]}]}
                  http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
        """
                .formatted(admin, home, served);
    }

    /** Takes connections and says nothing. */
    private static final class Mute implements AutoCloseable {
        private final ServerSocket listening =
                new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        private final Queue<Socket> taken = new ConcurrentLinkedQueue<>();

        Mute() throws IOException {
            Thread.ofVirtual().start(this::take);
        }

        private void take() {
            try {
                while (true) {
                    taken.add(listening.accept());
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        }

        int port() {
            return listening.getLocalPort();
        }

        int taken() {
            return taken.size();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }
}

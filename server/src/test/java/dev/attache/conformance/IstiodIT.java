package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real istiod without Kubernetes: clusters, endpoints, listeners and routes of a sidecar are
 * taken and acknowledged, and a request reaches the service that istiod knows of. The mesh's own
 * filters and mutual TLS are off, as the real Envoy could not follow otherwise, and so is
 * interception, so that the service is reached on its own port.
 */
@Tag("conformance")
final class IstiodIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void followsIt(@TempDir Path directory) throws Exception {
        int admin = Ports.free();
        int xds = Ports.free();
        int http = Ports.free();
        int service = Ports.free();
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys")));
        Path istio = Files.createDirectories(directory.resolve("istiod"));
        Path work = Files.createDirectories(directory.resolve("proxy"));
        Path config = Files.writeString(work.resolve("envoy.yaml"), bootstrap(admin, xds));
        try (Upstream echo = new Upstream("echo", Map.of(), certificates, new Normaliser())) {
            configure(istio);
            try (PeerProcess istiod =
                    PeerProcess.start(istio, environment(), command(istio, xds, http))) {
                assertThat(PeerProcess.eventually(PATIENCE, () -> !debug(http, "syncz").isEmpty()))
                        .as(istiod.log())
                        .isTrue();
                // What is there at the start can miss the first push; what comes later is pushed.
                addService(istio, service, echo.port(0));
                assertThat(
                                PeerProcess.eventually(
                                        PATIENCE,
                                        () -> debug(http, "registryz").contains("echo.test")))
                        .isTrue();
                judge(work, config, admin, http, service);
            }
        }
    }

    private static void judge(Path work, Path config, int admin, int http, int service)
            throws Exception {
        try (ProxyProcess proxy =
                ProxyProcess.start(Peers.subject(), config, work, admin, List.of())) {
            Connector connector =
                    new Connector(new Certificates(Files.createDirectories(work.resolve("k"))));
            boolean served =
                    PeerProcess.eventually(
                            PATIENCE, () -> request(connector, service).contains("200 OK"));
            String sync = debug(http, "syncz");
            assertThat(served)
                    .as("request to the service; istiod says %s\n%s", sync, proxy.complaints())
                    .isTrue();
            assertThat(sync)
                    .doesNotContain("lastError")
                    .contains("listener_acked", "cluster_acked", "route_acked");
            assertThat(proxy.admin("GET", "/clusters").body())
                    .contains("outbound|" + service + "||echo.test::", "BlackHoleCluster::");
            assertThat(proxy.admin("GET", "/listeners").body()).contains(":" + service);
            assertThat(proxy.admin("GET", "/stats?filter=update_rejected").body())
                    .contains(
                            "cluster_manager.cds.update_rejected: 0",
                            "listener_manager.lds.update_rejected: 0");
        }
    }

    private static String request(Connector connector, int port) {
        try (var socket = connector.open(port, Map.of("timeout_ms", 2000))) {
            Map<String, Object> request = Map.of("authority", "echo.test", "path", "/");
            return new Http1Client(socket).exchange(request, new Normaliser());
        } catch (java.io.IOException | java.security.GeneralSecurityException notYet) {
            return "";
        }
    }

    private static String debug(int http, String page) {
        return PeerProcess.http("GET", http, "/debug/" + page);
    }

    private static String bootstrap(int admin, int xds) {
        String node =
                "{id: sidecar~127.0.0.2~app.default~default.svc.cluster.local, cluster: app.default,"
                        + " metadata: {NAMESPACE: default, ISTIO_VERSION: 1.29.6, INSTANCE_IPS: 127.0.0.2,"
                        + " CLUSTER_ID: Kubernetes, INTERCEPTION_MODE: NONE}}";
        return PeerBootstraps.ads(admin, xds, "DELTA_GRPC", node);
    }

    private static void configure(Path directory) throws Exception {
        Files.createDirectories(directory.resolve("config"));
        Files.writeString(
                directory.resolve("mesh.yaml"),
                "defaultProviders: {}\nrootNamespace: istio-system\ntrustDomain: cluster.local\n");
        Files.writeString(
                directory.resolve("config/plaintext.yaml"),
                """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: default, namespace: istio-system}
                spec: {mtls: {mode: DISABLE}}
                """);
    }

    private static void addService(Path directory, int service, int endpoint) throws Exception {
        Files.writeString(
                directory.resolve("config/service.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: echo, namespace: default}
                spec:
                  hosts: [echo.test]
                  ports: [{number: %d, name: http, protocol: HTTP}]
                  resolution: STATIC
                  location: MESH_INTERNAL
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                """
                        .formatted(service, endpoint));
    }

    private static Map<String, String> environment() {
        return Map.of(
                "POD_NAMESPACE", "istio-system",
                "PILOT_ENABLE_METADATA_EXCHANGE", "false",
                "PILOT_ENABLE_ALPN_FILTER", "false");
    }

    private static List<String> command(Path directory, int xds, int http) {
        return List.of(
                Peers.peer("pilot-discovery").toString(),
                "discovery",
                "--registries=",
                "--configDir=" + directory.resolve("config"),
                "--meshConfig=" + directory.resolve("mesh.yaml"),
                "--networksConfig=" + directory.resolve("networks.yaml"),
                "--domain=cluster.local",
                "--clusterID=Kubernetes",
                "--grpcAddr=127.0.0.1:" + xds,
                "--secureGRPCAddr=127.0.0.1:" + Ports.free(),
                "--httpAddr=127.0.0.1:" + http,
                "--monitoringAddr=127.0.0.1:" + Ports.free(),
                "--ctrlz_port=" + Ports.free());
    }
}

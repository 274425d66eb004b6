package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * gRPC without a proxy: Java's own client and server of xDS, each with an agent of ours whose
 * bootstrap and relay they use, by a stock istiod.
 */
@Tag("conformance")
final class ProxylessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void aClientReachesAServerByTheRelay() throws Exception {
        int port = Ports.free();
        try (FileIstiod istiod =
                new FileIstiod(directory.resolve("istiod"), Map.of(), Map.of(), Map.of())) {
            istiod.apply(List.of(service(port)));
            try (PeerProcess first = agent("server", "127.0.0.1", istiod);
                    PeerProcess second = agent("client", "127.0.0.11", istiod);
                    PeerProcess server = peer("server", String.valueOf(port))) {
                assertThat(PeerProcess.eventually(PATIENCE, () -> server.says("serving")))
                        .as("%s %s", server.log(), first.log())
                        .isTrue();
                PeerProcess client = peer("client", "xds:///echo.test:7070");
                assertThat(client.await(PATIENCE)).as("%s %s", client.log(), second.log()).isZero();
                assertThat(client.log()).contains("echo hello");
            }
        }
    }

    /** The service of the server, on the loopback. */
    private static Map<String, Object> service(int port) {
        return Map.of(
                "apiVersion",
                "networking.istio.io/v1",
                "kind",
                "ServiceEntry",
                "metadata",
                Map.of("name", "echo", "namespace", "default"),
                "spec",
                Map.of(
                        "hosts",
                        List.of("echo.test"),
                        "location",
                        "MESH_INTERNAL",
                        "resolution",
                        "STATIC",
                        "ports",
                        List.of(
                                Map.of(
                                        "number",
                                        7070,
                                        "name",
                                        "grpc",
                                        "protocol",
                                        "GRPC",
                                        "targetPort",
                                        port)),
                        "endpoints",
                        List.of(Map.of("address", "127.0.0.1"))));
    }

    private PeerProcess agent(String name, String address, Istiod istiod) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Map<String, String> environment = AgentPod.environment(name, "default", address);
        environment.put("DISABLE_ENVOY", "true");
        environment.put("ISTIO_META_GENERATOR", "grpc");
        environment.put("CA_ADDR", "127.0.0.1:15010");
        environment.put("GRPC_XDS_BOOTSTRAP", bootstrap(name).toString());
        environment.put(
                "PROXY_CONFIG",
                ("{\"configPath\":\"%s\",\"discoveryAddress\":\"127.0.0.1:%d\","
                                + "\"controlPlaneAuthPolicy\":\"NONE\",\"statusPort\":%d}")
                        .formatted(home.resolve("proxy"), istiod.xds(), Ports.free()));
        PeerProcess agent = PeerProcess.start(home, environment, AgentPod.ours());
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE,
                                () ->
                                        Files.exists(home.resolve("proxy/XDS"))
                                                && Files.exists(bootstrap(name))))
                .as(agent.log())
                .isTrue();
        return agent;
    }

    private Path bootstrap(String name) {
        return directory.resolve(name).resolve("grpc-bootstrap.json");
    }

    private PeerProcess peer(String role, String argument) throws Exception {
        return ProxylessPeers.start(
                directory.resolve(role + "-peer"), bootstrap(role), role, argument);
    }
}

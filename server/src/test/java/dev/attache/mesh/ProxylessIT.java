package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * gRPC without a proxy: Java's own client and server of xDS, each with an agent of ours whose
 * bootstrap and relay they use, by a stock istiod.
 */
@Tag("conformance")
final class ProxylessIT extends IstiodCases {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aClientReachesAServerByTheRelay() throws Exception {
        int port = Ports.free();
        try (FileIstiod istiod =
                new FileIstiod(directory.resolve("istiod"), Map.of(), Map.of(), Map.of())) {
            istiod.apply(List.of(service(port)));
            try (PeerProcess first = plain("server", "127.0.0.1", istiod);
                    PeerProcess second = plain("client", "127.0.0.11", istiod);
                    PeerProcess server = peer("server", String.valueOf(port))) {
                assertThat(PeerProcess.eventually(PATIENCE, () -> server.says("serving")))
                        .as("%s %s", server.log(), first.log())
                        .isTrue();
                PeerProcess client = peer("client", "xds:///echo.test:7070");
                assertThat(client.await(PATIENCE)).as("%s %s", client.log(), second.log()).isZero();
                assertThat(client.log()).contains("echo hello from nobody");
            }
        }
    }

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

    private PeerProcess plain(String name, String address, Istiod istiod) throws Exception {
        return agent(
                name, address, "127.0.0.1:" + istiod.xds(), Map.of("CA_ADDR", "127.0.0.1:15010"));
    }

    /**
     * The older istiod names the certificates in fields that gRPC for Java does not read any more.
     */
    @Test
    void byMutualTls() throws Exception {
        onKubernetes(
                IstioRelease.CURRENT,
                (kubernetes, webhooks, work) -> {
                    try (Istiod istiod =
                            new KubernetesIstiod(
                                    IstioRelease.CURRENT, work, kubernetes, webhooks, Map.of())) {
                        istiod.apply(objects.read("proxyless"));
                        onlyWithCertificates(kubernetes.api(), istiod.secure());
                    }
                });
    }

    /**
     * Both ends take their certificates from the files that their agents write: each knows the
     * other's name, and who has none, or another than the mesh says, is refused.
     */
    private void onlyWithCertificates(KubernetesApi api, int secure) throws Exception {
        String port = placeholder("proxyless");
        try (PeerProcess first = certified("server", "127.0.0.1", secure, api);
                PeerProcess second = certified("client", "127.0.0.11", secure, api);
                PeerProcess server = peer("server", port)) {
            assertThat(PeerProcess.eventually(PATIENCE, () -> server.says("serving")))
                    .as("%s %s", server.log(), first.log())
                    .isTrue();
            PeerProcess client =
                    peer(
                            "client",
                            "xds:///echo.test:7070",
                            "xds:///other.test:7070",
                            "localhost:" + port);
            assertThat(client.await(PATIENCE)).as("%s %s", client.log(), second.log()).isZero();
            assertThat(client.log())
                    .contains("echo hello from spiffe://cluster.local/ns/default/sa/client")
                    .containsPattern("xds:///other.test:7070: UNAVAILABLE.*SAN check failed")
                    .contains("localhost:" + port + ": UNAVAILABLE");
        }
    }

    private PeerProcess certified(String name, String address, int secure, KubernetesApi api)
            throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        AgentPod.secrets(home, root(api, "default"), api.token("default", name, "istio-ca"));
        Map<String, String> output = new HashMap<>();
        output.put("OUTPUT_CERTS", home.resolve("out").toString());
        // gRPC for Java reads no other form.
        output.put("PKCS8_KEY", "true");
        PeerProcess agent = agent(name, address, "localhost:" + secure, output);
        // gRPC looks for files that are not there yet a quarter of an hour later.
        Path last = home.resolve("out/root-cert.pem");
        assertThat(PeerProcess.eventually(PATIENCE, () -> Files.exists(last)))
                .as(agent.log())
                .isTrue();
        return agent;
    }

    private PeerProcess agent(
            String name, String address, String controlPlane, Map<String, String> more)
            throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Map<String, String> environment = AgentPod.environment(name, "default", address);
        environment.put("DISABLE_ENVOY", "true");
        environment.put("ISTIO_META_GENERATOR", "grpc");
        environment.put("GRPC_XDS_BOOTSTRAP", bootstrap(name).toString());
        environment.putAll(more);
        Map<String, Object> config = new HashMap<>();
        config.put("configPath", home.resolve("proxy").toString());
        config.put("discoveryAddress", controlPlane);
        config.put("statusPort", Ports.free());
        if (!more.containsKey("OUTPUT_CERTS")) {
            config.put("controlPlaneAuthPolicy", "NONE");
        }
        environment.put("PROXY_CONFIG", Tree.json(config, false));
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

    private PeerProcess peer(String role, String... arguments) throws Exception {
        String[] all = Stream.concat(Stream.of(role), Stream.of(arguments)).toArray(String[]::new);
        return ProxylessPeers.start(directory.resolve(role + "-peer"), bootstrap(role), all);
    }
}

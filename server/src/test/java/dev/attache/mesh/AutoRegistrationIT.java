package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A machine of a WorkloadGroup, onboarded with {@code --auto-register} and a token: istiod makes
 * its WorkloadEntry when the agent connects, notes there what the agent says of the application's
 * health and leaves its address out of the service while that is bad, and removes the entry when
 * the agent has been gone for the grace period.
 */
@Tag("conformance")
final class AutoRegistrationIT extends IstiodCases {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ADDRESS = "127.0.0.31";
    private static final String ENTRY =
            "/apis/networking.istio.io/v1/namespaces/default/workloadentries/vmg-" + ADDRESS;

    private volatile int answer = 503;

    @Test
    void comesAndGoesWithTheAgent() throws Exception {
        HttpServer application = HttpServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        application.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(answer, -1);
                    exchange.close();
                });
        application.start();
        try {
            onKubernetes(
                    IstioRelease.CURRENT,
                    (kubernetes, webhooks, work) -> {
                        Map<String, String> brief =
                                Map.of("PILOT_WORKLOAD_ENTRY_GRACE_PERIOD", "2s");
                        try (Istiod istiod =
                                new KubernetesIstiod(
                                        IstioRelease.CURRENT, work, kubernetes, webhooks, brief)) {
                            istiod.apply(objects.read("auto-registration"));
                            Path machine =
                                    machine(
                                            kubernetes.api(),
                                            istiod,
                                            application.getAddress().getPort());
                            played(kubernetes.api(), istiod, machine);
                        }
                    });
        } finally {
            application.stop(0);
        }
    }

    private void played(KubernetesApi api, Istiod istiod, Path machine) throws Exception {
        assertThat(api.get(ENTRY)).as("checks of onboarding alone").isEmpty();
        PeerProcess agent =
                PeerProcess.start(
                        machine,
                        Map.of("EXEC_USER", System.getProperty("user.name", "root")),
                        List.of(Peers.subject().toString(), "agent", "start", "run"));
        try (agent) {
            await(agent, "the entry", () -> !api.get(ENTRY).isEmpty());
            registered(api.get(ENTRY));
            await(agent, "the first report", () -> health(api).startsWith("False"));
            await(agent, "no endpoint yet", () -> served(istiod, false));
            for (int turn = 0; turn < 2; turn++) {
                answer = 200;
                await(agent, "the report that it is well", () -> health(api).startsWith("True"));
                await(agent, "the endpoint", () -> served(istiod, true));
                answer = 503;
                await(agent, "the reason that it is not", () -> health(api).matches("False .*503"));
                await(agent, "the end of the endpoint", () -> served(istiod, false));
            }
            agent.terminate();
            assertThat(agent.await(PATIENCE)).as(agent.log()).isZero();
        }
        await(agent, "the end of the entry", () -> api.get(ENTRY).isEmpty());
    }

    private static void registered(Map<String, Object> entry) {
        Map<String, Object> metadata = Tree.map(entry.get("metadata"));
        assertThat(Tree.map(metadata.get("labels")))
                .containsEntry("app", "vm")
                .containsEntry("tier", "back");
        assertThat(Tree.map(metadata.get("annotations")))
                .containsEntry("istio.io/autoRegistrationGroup", "vmg")
                .containsEntry("proxy.istio.io/health-checks-enabled", "true");
        Map<String, Object> spec = Tree.map(entry.get("spec"));
        assertThat(spec).containsEntry("address", ADDRESS).containsEntry("serviceAccount", "vm");
        assertThat(Tree.map(spec.get("labels"))).containsEntry("app", "vm");
    }

    /** What the entry's condition says, and why; empty where there is none. */
    private static String health(KubernetesApi api) {
        Object status = api.get(ENTRY).get("status");
        if (status == null) {
            return "";
        }
        return Tree.list(Tree.map(status).get("conditions")).stream()
                .map(Tree::map)
                .filter(condition -> "Healthy".equals(condition.get("type")))
                .map(condition ->
                        Tree.text(condition.get("status"), "")
                                + " "
                                + Tree.text(condition.get("message"), ""))
                .findFirst()
                .orElse("");
    }

    /** Whether istiod says that the address is among its endpoints, or that it is not. */
    private static boolean served(Istiod istiod, boolean there) {
        String page = istiod.debug("endpointShardz");
        return !page.isEmpty() && page.contains('"' + ADDRESS + '"') == there;
    }

    private static void await(PeerProcess agent, String what, BooleanSupplier there)
            throws IOException, InterruptedException {
        assertThat(PeerProcess.eventually(PATIENCE, there))
                .as(() -> what + "\n" + log(agent))
                .isTrue();
    }

    private static String log(PeerProcess process) {
        try {
            return process.log();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The files of a machine that {@code attache onboard} has prepared, all its checks passed. */
    private Path machine(KubernetesApi api, Istiod istiod, int application) throws Exception {
        Path given = Files.createDirectories(directory.resolve("given"));
        Map<String, Object> probe =
                Map.of(
                        "httpGet",
                        Map.of("port", application, "path", "/hello"),
                        "periodSeconds",
                        1);
        Map<String, Object> config =
                Map.of(
                        "statusPort",
                        Ports.free(),
                        "proxyAdminPort",
                        Ports.free(),
                        "terminationDrainDuration",
                        "1s",
                        "readinessProbe",
                        probe);
        Files.writeString(
                given.resolve("mesh.yaml"), Tree.json(Map.of("defaultConfig", config), false));
        Files.writeString(given.resolve("root-cert.pem"), root(api, "default"));
        Files.writeString(given.resolve("istio-token"), api.token("default", "vm", "istio-ca"));
        Path machine = Files.createDirectories(directory.resolve("machine"));
        try (PeerProcess onboard =
                PeerProcess.start(
                        machine,
                        Map.of(),
                        List.of(
                                Peers.subject().toString(),
                                "agent",
                                "onboard",
                                "--root=" + machine,
                                "--from=" + given,
                                "--address=localhost:" + istiod.secure(),
                                "--namespace=default",
                                "--service-account=vm",
                                "--group=vmg",
                                "--auto-register",
                                "--ip=" + ADDRESS,
                                "--no-interception",
                                "--dns-capture=false",
                                "--env=ENVOY_STATUS_PORT=" + Ports.free(),
                                "--env=ENVOY_PROMETHEUS_PORT=" + Ports.free()))) {
            assertThat(onboard.await(PATIENCE)).as(onboard.log()).isZero();
        }
        return machine;
    }
}

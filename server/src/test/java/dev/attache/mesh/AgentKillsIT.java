package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of agent and proxy, in one process and in two, with Attache's proxy and with Envoy,
 * beside Istio's agent with Envoy: who goes on, who follows, and that a start in what is left
 * serves. {@code -Dfaults.rounds=50} is the long run.
 */
@Tag("conformance")
final class AgentKillsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A service that the certificates are for. */
    private static final String OTHER =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: other, namespace: default}
            spec: {hosts: [other.test], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 127.0.0.99}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: other, namespace: default}
            spec: {host: other.test, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
            """;

    @TempDir Path directory;

    /** Who is killed. */
    private record Subject(AgentPair pair, boolean apart, boolean ours) {}

    @Test
    void killedInEveryOrderTheyServeAgain() throws Exception {
        Path istios = Peers.peer("kube").resolve("pilot-agent");
        for (Path each : List.of(istios, Peers.envoy(), Peers.peer("pilot-discovery"))) {
            Assumptions.assumeTrue(
                    Files.isExecutable(each), "no " + each + ": run .ci/peers/all.sh");
        }
        HttpServer application =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = application.getAddress().getPort();
        List<Subject> all = new ArrayList<>();
        try (SigningIstiod istiod = new SigningIstiod(directory)) {
            istiod.apply("other", OTHER);
            Path own = Peers.subject();
            List<String> apart = AgentPod.ours("sidecar", "--separate");
            all.add(
                    new Subject(
                            pair(istiod, "one", port, own, AgentPod.ours("sidecar")), false, true));
            all.add(new Subject(pair(istiod, "two", port, own, apart), true, true));
            all.add(new Subject(pair(istiod, "envoy", port, Peers.envoy(), apart), true, true));
            template("theirs");
            List<String> command = List.of(istios.toString(), "proxy", "sidecar");
            all.add(new Subject(pair(istiod, "theirs", port, Peers.envoy(), command), true, false));
            for (Subject each : all) {
                ready(each);
            }
            for (int round = 0; round < Integer.getInteger("faults.rounds", 1); round++) {
                for (Subject each : all) {
                    if (each.apart) {
                        proxyKilled(each);
                    }
                    agentKilled(each);
                    again(each);
                }
            }
            for (Subject each : all) {
                each.pair.terminate();
            }
            for (Subject each : all) {
                assertThat(each.pair.ended(PATIENCE)).as(each.pair::log).isZero();
                assertThat(each.pair.left()).as(each.pair.name()).isEmpty();
            }
        } finally {
            all.forEach(each -> each.pair.close());
            application.stop(0);
        }
    }

    private AgentPair pair(
            SigningIstiod istiod, String name, int application, Path binary, List<String> program)
            throws IOException {
        return new AgentPair(directory, name, "127.0.0.1", istiod, application, binary, program);
    }

    private void template(String name) throws IOException {
        Path place = directory.resolve(name).resolve("var/lib/istio/envoy");
        Files.createDirectories(place);
        Files.copy(
                Peers.peer("kube").resolve("istio-1.27/envoy_bootstrap.json"),
                place.resolve("envoy_bootstrap_tmpl.json"));
    }

    private static void ready(Subject each) throws InterruptedException {
        assertThat(PeerProcess.eventually(PATIENCE, each.pair::ready)).as(each.pair::log).isTrue();
    }

    /** The agent follows, with the same code and words as Istio's; whoever started it sees it. */
    private static void proxyKilled(Subject each) throws Exception {
        each.pair.killProxy();
        assertThat(each.pair.ended(PATIENCE)).as(each.pair::log).isZero();
        assertThat(each.pair.log())
                .contains(
                        "Envoy may have been out of memory killed. Check memory usage and limits.")
                .contains("Envoy exited with error: signal: killed");
        assertThat(each.pair.left()).as(each.pair.name()).isEmpty();
        each.pair.again();
        ready(each);
    }

    /** A proxy of its own goes on with what it has, one in the process ends with it. */
    private static void agentKilled(Subject each) throws Exception {
        each.pair.kill();
        assertThat(each.pair.orphaned()).as(each.pair.name()).isEqualTo(each.apart);
        if (each.apart) {
            assertThat(AgentCalls.get(each.pair.admin(), "/ready")).startsWith("200");
            assertThat(AgentCalls.get(each.pair.admin(), "/certs")).contains("spiffe://");
            assertThat(AgentCalls.get(each.pair.health(), "/healthz/ready")).startsWith("503");
        }
    }

    /** In what was left: sockets, the proxy, and files that were being written. */
    private static void again(Subject each) throws Exception {
        Path home = each.pair.home();
        assertThat(home.resolve("etc/istio/proxy/XDS")).exists();
        for (String file :
                List.of(
                        "etc/istio/proxy/envoy-rev.json",
                        "etc/istio/proxy/envoy-rev.json.new",
                        "etc/istio/proxy/grpc-bootstrap.json",
                        "out/key.pem.tmp.1")) {
            Files.writeString(home.resolve(file), "{\"half\": ");
        }
        if (!each.ours) {
            // Istio's starts no proxy beside the one that is left, and ends.
            each.pair.again();
            assertThat(each.pair.ended(PATIENCE)).as(each.pair::log).isZero();
            assertThat(each.pair.log()).contains("Address already in use");
            each.pair.endOrphan();
        }
        long began = System.nanoTime();
        each.pair.again();
        ready(each);
        System.out.printf(
                "%s: ready %d ms after the start%n",
                each.pair.name(), (System.nanoTime() - began) / 1_000_000);
        assertThat(each.pair.orphaned()).as("the proxy of the one that was killed").isFalse();
        if (each.ours) {
            try (Stream<Path> out = Files.list(home.resolve("out"))) {
                assertThat(out.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("key.pem", "cert-chain.pem", "root-cert.pem");
            }
        }
    }
}

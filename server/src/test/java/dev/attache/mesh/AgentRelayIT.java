package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.Status;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.discovery.v3.ResourceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our agent beside Istio's, both without a proxy: what a control plane is asked by each, what a
 * proxy's stream gets from each, and what each says to questions of names.
 */
@Tag("conformance")
final class AgentRelayIT {

    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(30);
    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String MESH = "type.googleapis.com/istio.mesh.v1alpha1.ProxyConfig";
    private static final String WORKLOAD = "type.googleapis.com/istio.workload.Workload";
    private static final List<String> PEERS = List.of("pilot-agent", "pilot-agent-1.31");
    private static final String NAMES = "type.googleapis.com/istio.networking.nds.v1.NameTable";

    @TempDir Path directory;

    @Test
    void bothAskAndAnswerTheSame() throws Exception {
        List<String> ours = observe("ours", AgentPod.ours(), this::full);
        assertThat(ours)
                .noneMatch(line -> line.startsWith("asked null") || line.endsWith(" null"))
                .contains("second: RESOURCE_EXHAUSTED too many");
        for (String peer : PEERS) {
            List<String> istios =
                    observe(peer, List.of(kube(peer).toString(), "proxy"), this::full);
            assertThat(ours).as(peer).isEqualTo(istios);
        }
    }

    @Test
    void bothDoInTheIncrementalProtocol() throws Exception {
        List<String> ours = observe("ours", AgentPod.ours(), this::delta);
        assertThat(ours)
                .noneMatch(line -> line.startsWith("asked null") || line.endsWith(" null"))
                .contains("third: RESOURCE_EXHAUSTED too many");
        for (String peer : PEERS) {
            List<String> istios =
                    observe(peer, List.of(kube(peer).toString(), "proxy"), this::delta);
            assertThat(ours).as(peer).isEqualTo(istios);
        }
    }

    private static Path kube(String name) {
        return Peers.peer("kube").resolve(name);
    }

    /** What is done with an agent. */
    private interface Script {
        void play(ScriptedControlPlane control, Path socket, NameQuestions names, List<String> seen)
                throws Exception;
    }

    private List<String> observe(String name, List<String> command, Script script)
            throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        int names = Ports.free();
        List<String> seen = new ArrayList<>();
        try (ScriptedControlPlane control = new ScriptedControlPlane();
                PeerProcess agent =
                        PeerProcess.start(home, environment(control.port(), names), command)) {
            Path socket = home.resolve("etc/istio/proxy/XDS");
            if (!PeerProcess.eventually(PATIENCE, () -> Files.exists(socket))) {
                throw new IOException(agent.log());
            }
            script.play(control, socket, new NameQuestions(names), seen);
        }
        return seen;
    }

    private void full(
            ScriptedControlPlane control, Path socket, NameQuestions questions, List<String> seen)
            throws Exception {
        seen.add("before: " + questions.ask("echo.test.", "A", 0, false));
        try (RelayedStream stream = RelayedStream.full(socket)) {
            stream.send(CLUSTER);
            stream.send(LISTENER);
            seen.addAll(control.requests(4));
            control.send(CLUSTER, "1", ByteString.copyFromUtf8("c"));
            seen.add("got " + stream.next());
            control.send("type.googleapis.com/other.Type", "2", ByteString.EMPTY);
            control.send(NAMES, "3", table());
            seen.addAll(control.requests(1));
            seen.addAll(answers(questions));
            control.send(NAMES, "4", ByteString.copyFromUtf8("\n\377"));
            seen.addAll(control.requests(1));
            try (RelayedStream second = RelayedStream.full(socket)) {
                second.send(CLUSTER);
                seen.addAll(control.requests(1));
                seen.add("first: " + stream.next());
                control.fail();
                seen.add("second: " + second.next());
            }
        }
    }

    private void delta(
            ScriptedControlPlane control, Path socket, NameQuestions questions, List<String> seen)
            throws Exception {
        try (RelayedStream stream = RelayedStream.delta(socket)) {
            stream.send(
                    DeltaDiscoveryRequest.newBuilder()
                            .setNode(Node.newBuilder().setId("sidecar~127.0.0.12~client.shop~x"))
                            .setTypeUrl(CLUSTER)
                            .putInitialResourceVersions("known", "v0")
                            .addResourceNamesSubscribe("*")
                            .build());
            stream.send(LISTENER);
            seen.addAll(control.requests(4));
            resources(control, stream, seen);
            ownTypes(control, questions, seen);
            try (RelayedStream second = RelayedStream.delta(socket)) {
                second.send(CLUSTER);
                seen.addAll(control.requests(1));
                seen.add("first: " + stream.next());
                control.complete();
                seen.add("second: " + second.next());
            }
            try (RelayedStream third = RelayedStream.delta(socket)) {
                third.send(LISTENER);
                seen.addAll(control.requests(3));
                control.fail();
                seen.add("third: " + third.next());
            }
        }
    }

    /** What goes through as it is: each field of requests and responses, and what is long. */
    private static void resources(
            ScriptedControlPlane control, RelayedStream stream, List<String> seen)
            throws Exception {
        control.send(
                response(CLUSTER, "1", resource("c", CLUSTER, ByteString.copyFromUtf8("c")))
                        .addRemovedResources("known")
                        .addRemovedResourceNames(ResourceName.newBuilder().setName("gone"))
                        .setControlPlane(ControlPlane.newBuilder().setIdentifier("scripted"))
                        .build());
        seen.add("got " + stream.next());
        stream.send(
                DeltaDiscoveryRequest.newBuilder()
                        .setTypeUrl(CLUSTER)
                        .setResponseNonce("1")
                        .build());
        stream.send(
                DeltaDiscoveryRequest.newBuilder()
                        .setTypeUrl(CLUSTER)
                        .setResponseNonce("1")
                        .addResourceNamesSubscribe("d")
                        .addResourceNamesUnsubscribe("c")
                        .setErrorDetail(Status.newBuilder().setCode(3).setMessage("not so"))
                        .build());
        seen.addAll(control.requests(2));
        control.send(response(CLUSTER, "2").addRemovedResources("c").build());
        seen.add("got " + stream.next());
        control.send(response("type.googleapis.com/other.Type", "3").build());
        control.send(
                response(
                                CLUSTER,
                                "4",
                                resource("long", CLUSTER, ByteString.copyFrom(new byte[6 << 20])))
                        .build());
        seen.add("got " + stream.next());
        control.send(
                response(WORKLOAD, "5", resource("w", WORKLOAD, ByteString.copyFromUtf8("w")))
                        .build());
        seen.add("got " + stream.next());
    }

    /** What an agent keeps for itself: it answers, but for what brings nothing. */
    private static void ownTypes(
            ScriptedControlPlane control, NameQuestions questions, List<String> seen)
            throws Exception {
        control.send(response(NAMES, "6", resource("names", NAMES, table())).build());
        seen.addAll(control.requests(1));
        seen.add(questions.ask("echo.test.", "A", 0, false));
        control.send(response(NAMES, "7").addRemovedResources("names").build());
        ByteString broken = ByteString.copyFromUtf8("\n\377");
        control.send(response(NAMES, "8", resource("names", NAMES, broken)).build());
        seen.addAll(control.requests(1));
        control.send(response(NAMES, "9", resource("names", CLUSTER, table())).build());
        seen.addAll(control.requests(1));
        control.send(response(MESH, "10", resource("mesh", MESH, ByteString.EMPTY)).build());
        seen.addAll(control.requests(1));
        seen.add(questions.ask("echo.test.", "A", 0, false));
    }

    private static DeltaDiscoveryResponse.Builder response(
            String type, String nonce, Resource... resources) {
        return DeltaDiscoveryResponse.newBuilder()
                .setSystemVersionInfo("v" + nonce)
                .setTypeUrl(type)
                .setNonce(nonce)
                .addAllResources(List.of(resources));
    }

    private static Resource resource(String name, String type, ByteString value) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion("r1")
                .addAliases("also-" + name)
                .setTtl(Duration.newBuilder().setSeconds(7))
                .setCacheControl(Resource.CacheControl.newBuilder().setDoNotCache(true))
                .setResource(any(type, value))
                .build();
    }

    private static List<String> answers(NameQuestions questions) throws Exception {
        List<String> seen = new ArrayList<>();
        for (String name :
                List.of(
                        "echo.test.",
                        "ECHO.test.",
                        "six.test.",
                        "both.test.",
                        "a.wild.test.",
                        "a.b.wild.test.",
                        "cart.",
                        "cart.shop.",
                        "cart.shop.svc.",
                        "cart.shop.svc.cluster.local.",
                        "pay.",
                        "pay.bank.")) {
            for (String type : List.of("A", "AAAA")) {
                boolean known = !name.equals("pay.");
                if (known || type.equals("A")) {
                    seen.add(questions.ask(name, type, 0, false));
                }
            }
        }
        for (int payload : List.of(0, 300, 1232, 4096)) {
            seen.add(questions.ask("many.test.", "A", payload, false));
        }
        seen.add(questions.ask("many.test.", "A", 0, true));
        seen.add(questions.ask("echo.test.", "A", 1232, true));
        return seen;
    }

    private static ByteString table() {
        NameTableBytes table = new NameTableBytes();
        table.host("echo.test", List.of("240.10.0.1"), "External", "", "");
        table.host("six.test", List.of("2001:db8::1"), "External", "", "");
        table.host("both.test", List.of("240.10.0.2", "2001:db8::2"), "External", "", "");
        table.host("*.wild.test", List.of("240.10.0.3"), "External", "", "");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add("240.20.0." + i);
        }
        table.host("many.test", many, "External", "", "");
        table.host(
                "cart.shop.svc.cluster.local", List.of("10.0.0.1"), "Kubernetes", "cart", "shop");
        table.host("pay.bank.svc.cluster.local", List.of("10.0.0.2"), "Kubernetes", "pay", "bank");
        return table.bytes();
    }

    private static Map<String, String> environment(int control, int names) {
        Map<String, String> environment = AgentPod.environment("client", "shop", "127.0.0.12");
        environment.put("DISABLE_ENVOY", "true");
        environment.put("PROXY_CONFIG_XDS_AGENT", "true");
        environment.put("ISTIO_META_DNS_CAPTURE", "true");
        environment.put("DNS_PROXY_ADDR", "127.0.0.1:" + names);
        environment.put("DNS_FORWARD_TIMEOUT", "5s");
        environment.put("XDS_HEADER_X_TEST", "it");
        environment.put("CA_ADDR", "127.0.0.1:15010");
        environment.put(
                "PROXY_CONFIG",
                ("{\"discoveryAddress\":\"127.0.0.1:%d\",\"controlPlaneAuthPolicy\":\"NONE\","
                                + "\"statusPort\":%d}")
                        .formatted(control, Ports.free()));
        return environment;
    }

    /** An {@code Any}. */
    static Any any(String type, ByteString value) {
        return Any.newBuilder().setTypeUrl(type).setValue(value).build();
    }
}

package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our agent beside Istio's, both without a proxy: what a control plane is asked by each, what a
 * proxy's stream gets from each, and what each says to questions of names.
 */
@Tag("conformance")
final class AgentRelayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String NAMES = "type.googleapis.com/istio.networking.nds.v1.NameTable";

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pilot-agent", "pilot-agent-1.31"})
    void bothAskAndAnswerTheSame(String peer) throws Exception {
        List<String> istios = observe("theirs", List.of(kube(peer).toString(), "proxy"));
        List<String> ours = observe("ours", AgentPod.ours());
        assertThat(istios)
                .noneMatch(line -> line.startsWith("asked null") || line.endsWith(" null"))
                .contains("second: RESOURCE_EXHAUSTED too many");
        assertThat(ours).isEqualTo(istios);
    }

    private static Path kube(String name) {
        return Peers.peer("kube").resolve(name);
    }

    private List<String> observe(String name, List<String> command) throws Exception {
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
            NameQuestions questions = new NameQuestions(names);
            seen.add("before: " + questions.ask("echo.test.", "A", 0, false));
            try (RelayedStream stream = new RelayedStream(socket)) {
                stream.send(CLUSTER);
                stream.send(LISTENER);
                seen.addAll(control.requests(3));
                control.send(CLUSTER, "1", ByteString.copyFromUtf8("c"));
                seen.add("got " + stream.next());
                control.send("type.googleapis.com/other.Type", "2", ByteString.EMPTY);
                control.send(NAMES, "3", table());
                seen.addAll(control.requests(1));
                seen.addAll(answers(questions));
                control.send(NAMES, "4", ByteString.copyFromUtf8("\n\377"));
                seen.addAll(control.requests(1));
                try (RelayedStream second = new RelayedStream(socket)) {
                    second.send(CLUSTER);
                    seen.addAll(control.requests(1));
                    seen.add("first: " + stream.next());
                    control.fail();
                    seen.add("second: " + second.next());
                }
            }
        }
        return seen;
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

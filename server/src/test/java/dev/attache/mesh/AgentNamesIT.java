package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.interception.Space;
import io.netty.handler.codec.dns.DnsRecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names of the mesh and of others beside Istio's agent, each with the same name servers of the
 * machine: one that answers, one that is not there.
 */
@Tag("conformance")
final class AgentNamesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String NAMES = "type.googleapis.com/istio.networking.nds.v1.NameTable";
    private static final String SEARCH = "shop.svc.cluster.local";

    @TempDir Path directory;

    private final String network =
            "127.%d.%d."
                    .formatted(
                            ThreadLocalRandom.current().nextInt(2, 250),
                            ThreadLocalRandom.current().nextInt(250));

    @Test
    void bothAnswerTheSame() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        try (ScriptedNames machine = new ScriptedNames(network + "53")) {
            for (boolean parallel : List.of(false, true)) {
                List<String> ours = observe("ours", AgentPod.ours(), parallel);
                assertThat(ours).noneMatch(line -> line.endsWith(" null"));
                for (String peer : List.of("pilot-agent", "pilot-agent-1.31")) {
                    List<String> command =
                            List.of(Peers.peer("kube").resolve(peer).toString(), "proxy");
                    assertThat(ours).as(peer).isEqualTo(observe(peer, command, parallel));
                }
            }
        }
    }

    private List<String> observe(String name, List<String> agent, boolean parallel)
            throws Exception {
        Path home = Files.createDirectories(directory.resolve(name + parallel));
        Path servers =
                Files.writeString(
                        home.resolve("resolv.conf"),
                        "nameserver %s53\nnameserver %s54\nsearch %s cluster.local\n"
                                .formatted(network, network, SEARCH));
        int names = Ports.free();
        int status = Ports.free();
        List<String> seen = new ArrayList<>();
        try (ScriptedControlPlane control = new ScriptedControlPlane();
                PeerProcess process =
                        PeerProcess.start(
                                home,
                                environment(control.port(), status, names, parallel),
                                AgentPod.withNameServers(servers, agent))) {
            Path socket = home.resolve("etc/istio/proxy/XDS");
            if (!PeerProcess.eventually(PATIENCE, () -> Files.exists(socket))) {
                throw new IOException(process.log());
            }
            NameQuestions questions =
                    new NameQuestions(parallel ? "127.0.0.7" : "127.0.0.1", names);
            seen.add("before: " + questions.ask("a.example.", "A", 0, false));
            try (RelayedStream stream = RelayedStream.full(socket)) {
                stream.send(LISTENER);
                control.requests(2);
                control.send(NAMES, "1", table());
                control.requests(1);
                ofOthers(questions, seen);
                ofTheMesh(questions, seen);
                inOneConnection(questions, seen);
                ofAnyKind(questions, seen);
                if (parallel) {
                    NameQuestions six = new NameQuestions("::1", names);
                    seen.add("by IPv6: " + six.ask("echo.test.", "A", 0, false));
                    seen.add("by IPv6: " + six.ask("a.example.", "A", 0, true));
                }
                seen.addAll(metrics(status));
            }
        }
        return seen;
    }

    private static void ofOthers(NameQuestions questions, List<String> seen) throws Exception {
        for (String each :
                List.of(
                        "a A",
                        "aaaa AAAA",
                        "alias A",
                        "mail MX",
                        "text TXT",
                        "service SRV",
                        "1 PTR",
                        "nobody 65280",
                        "a 65",
                        "a ANY",
                        "nx A",
                        "empty AAAA",
                        "fail A",
                        "refused A",
                        "bits A",
                        "bad A",
                        "MiXeD A",
                        "asked TXT",
                        "cut A")) {
            String[] words = each.split(" ");
            for (boolean tcp : List.of(false, true)) {
                for (int payload : List.of(0, 1232)) {
                    String name = words[0] + ".Example.";
                    seen.add(ask(questions, name, words[1], payload, tcp));
                }
            }
        }
        seen.add(questions.ask("long.example.", "A", 4096, false));
        seen.add(questions.ask("long.example.", "A", 0, true));
        seen.add(questions.ask("closes.example.", "A", 0, true));
    }

    private static String ask(
            NameQuestions questions, String name, String type, int payload, boolean tcp)
            throws IOException {
        boolean number = Character.isDigit(type.charAt(0));
        DnsRecordType of =
                number
                        ? DnsRecordType.valueOf(Integer.parseInt(type))
                        : DnsRecordType.valueOf(type);
        return "%s %s %d %s: ".formatted(name, type, payload, tcp)
                + questions.ask(NameQuestions.question(name, of, payload), tcp);
    }

    private static void ofTheMesh(NameQuestions questions, List<String> seen) throws Exception {
        for (String name :
                List.of(
                        "echo.test.",
                        "eChO.TeSt.",
                        "echo.test." + SEARCH + ".",
                        "ECHO.test.Shop.SVC.cluster.local.",
                        "echo.test.cluster.local.",
                        "six.test." + SEARCH + ".",
                        "a.wild.test.",
                        "A.b.Wild.test.",
                        "wild.test.",
                        "a.wild.test." + SEARCH + ".",
                        "a.b.wild.test." + SEARCH + ".",
                        "deep.a.wild.test.",
                        "cart.shop.svc.cluster.local." + SEARCH + ".",
                        "cart.shop." + SEARCH + ".",
                        "cart.shop.svc." + SEARCH + ".",
                        "cart." + SEARCH + ".",
                        "pay.bank." + SEARCH + ".",
                        "pay.bank.svc.",
                        "pay." + SEARCH + ".",
                        "mixed.case.test.")) {
            for (String type : List.of("A", "AAAA", "ANY", "MX", "65")) {
                seen.add(ask(questions, name, type, 0, false));
            }
        }
    }

    private static void inOneConnection(NameQuestions questions, List<String> seen)
            throws Exception {
        List<byte[]> all = new ArrayList<>();
        int id = 0;
        for (String name :
                List.of("echo.test.", "a.example.", "nx.example.", "six.test.", "cut.example.")) {
            byte[] question = NameQuestions.question(name, DnsRecordType.A, 0);
            question[0] = (byte) id++;
            all.add(question);
        }
        seen.addAll(questions.askAll(all));
    }

    /**
     * Flags and classes that few use, options of EDNS, and what is no question of the usual kind.
     */
    private static void ofAnyKind(NameQuestions questions, List<String> seen) throws Exception {
        for (String name : List.of("asked.example.", "echo.test.")) {
            for (int flags : List.of(0x0000, 0x0100, 0x0110, 0x0130, 0x0170, 0x2100, 0x1100)) {
                byte[] question = NameQuestions.question(name, DnsRecordType.A, 0);
                question[2] = (byte) (flags >> 8);
                question[3] = (byte) flags;
                seen.add("%s %x: ".formatted(name, flags) + questions.ask(question, false));
            }
            byte[] chaos = NameQuestions.question(name, DnsRecordType.A, 0);
            chaos[chaos.length - 1] = 3;
            seen.add(name + " chaos: " + questions.ask(chaos, false));
            byte[] options = options(NameQuestions.question(name, DnsRecordType.A, 1232));
            seen.add(name + " options: " + questions.ask(options, false));
            byte[] two = NameQuestions.question(name, DnsRecordType.A, 0);
            two[5] = 2;
            seen.add(name + " two: " + questions.ask(two, false));
            byte[] none = Arrays.copyOf(two, 12);
            none[5] = 0;
            seen.add(name + " none: " + questions.ask(none, false));
        }
    }

    /** A cookie (RFC 7873) and a client's subnet (RFC 7871) in the OPT record, DNSSEC wanted. */
    private static byte[] options(byte[] question) {
        byte[] options = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 8, 0, 7, 0, 1, 24, 0, 10, 1, 2};
        byte[] with = Arrays.copyOf(question, question.length + options.length);
        System.arraycopy(options, 0, with, question.length, options.length);
        with[question.length - 1] = (byte) options.length;
        with[question.length - 4] = (byte) 0x80;
        return with;
    }

    /** What is counted of names, without how long it took. */
    private static List<String> metrics(int status) {
        return PeerProcess.http("GET", status, "/stats/prometheus")
                .lines()
                .filter(line -> line.contains("istio_agent_dns_"))
                .filter(line -> !line.contains("_bucket{") && !line.contains("_seconds_sum"))
                .toList();
    }

    private static ByteString table() {
        NameTableBytes table = new NameTableBytes();
        table.host("echo.test", List.of("240.10.0.1"), "External", "", "");
        table.host("six.test", List.of("2001:db8::1"), "External", "", "");
        table.host("*.wild.test", List.of("240.10.0.3", "2001:db8::3"), "External", "", "");
        table.host("*.a.wild.test", List.of("240.10.0.4"), "External", "", "");
        table.host("MiXed.Case.test", List.of("240.10.0.5"), "External", "", "");
        table.host(
                "cart.shop.svc.cluster.local", List.of("10.0.0.1"), "Kubernetes", "cart", "shop");
        table.host("pay.bank.svc.cluster.local", List.of("10.0.0.2"), "Kubernetes", "pay", "bank");
        return table.bytes();
    }

    private static Map<String, String> environment(
            int control, int status, int names, boolean parallel) {
        Map<String, String> environment = AgentPod.environment("client", "shop", "127.0.0.12");
        environment.put("DISABLE_ENVOY", "true");
        environment.put("ISTIO_META_DNS_CAPTURE", "true");
        // In the one case at an address, in the other at all.
        environment.put("DNS_PROXY_ADDR", (parallel ? "0.0.0.0:" : "127.0.0.1:") + names);
        environment.put("DNS_FORWARD_PARALLEL", String.valueOf(parallel));
        environment.put("CA_ADDR", "127.0.0.1:15010");
        environment.put(
                "PROXY_CONFIG",
                ("{\"discoveryAddress\":\"127.0.0.1:%d\",\"controlPlaneAuthPolicy\":\"NONE\","
                                + "\"statusPort\":%d}")
                        .formatted(control, status));
        return environment;
    }
}

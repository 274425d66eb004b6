package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.ScriptedNameServer;
import dev.attache.interception.Space;
import dev.attache.interception.Way;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A pod whose questions to name servers are intercepted, by each way, with an agent that is known
 * by its user or by its group, with the proxy in its process or beside it: what the application
 * asks comes to the agent, what the agent asks goes to the server, once.
 *
 * <pre>
 *   pod  10.51.0.11 fd51::11  --  10.51.0.1 fd51::1  istiod, name server
 * </pre>
 */
@Tag("conformance")
final class AgentCaptureIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String V4 = "10.51.0.1";
    private static final String V6 = "fd51::1";
    private static final String MESH =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: echo, namespace: default}
            spec: {hosts: [echo.test], addresses: [240.51.0.1], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.51.0.1}]}
            """;

    @TempDir private static Path directory;

    private static Space control;
    private static SigningIstiod istiod;
    private static ScriptedNameServer v4;
    private static ScriptedNameServer v6;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        control = Space.make("control", directory);
        istiod = new SigningIstiod(directory, control, SigningIstiod.PLAIN, Map.of());
        istiod.apply("echo", MESH);
    }

    @AfterAll
    static void stop() throws Exception {
        if (istiod != null) {
            istiod.close();
        }
        if (control != null) {
            control.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "IPTABLES,1337,1337,false",
        "IPTABLES,1337,1337,true",
        "IPTABLES,2000,1337,false",
        "NFTABLES,1337,1337,true",
        "NFTABLES,2000,1337,false",
        "TPROXY,0,1337,false",
        "EBPF,1337,1337,false",
        "EBPF,1337,1337,true",
        "EBPF,2000,1337,false"
    })
    void questionsOfTheApplicationComeAndThoseOfTheAgentGo(
            Way way, int uid, int gid, boolean separate) throws Exception {
        String run = "%s-%d-%s".formatted(way, uid, separate);
        Path own = Files.createDirectories(directory.resolve(run));
        try (SidecarPod pod = new SidecarPod("client", Space.make("pod", own), own, istiod, V4)) {
            connect(pod.space());
            way.install(pod.space(), "1337", "--redirect-dns", "--capture-all-dns");
            SidecarPod.Start start =
                    SidecarPod.Start.of(way)
                            .as(uid, gid)
                            .variable("ISTIO_META_DNS_CAPTURE", "true");
            pod.start("agent", separate ? start.separate(Peers.subject()) : start);
            assertThat(PeerProcess.eventually(PATIENCE, pod::ready)).as(pod::log).isTrue();
            ask(pod);
            assertThat(pod.stop()).as(pod::log).isZero();
        } finally {
            v4.close();
            v6.close();
        }
    }

    /** A cable of its own, and name servers at the other end. */
    private static void connect(Space pod) throws Exception {
        pod.cable(control, "mesh0");
        pod.plug("mesh0", List.of("10.51.0.11/24", "fd51::11/64"));
        control.plug("mesh0", List.of(V4 + "/24", V6 + "/64"));
        pod.ip("route add default via " + V4);
        pod.ip("-6 route add default via " + V6);
        pod.etc("resolv.conf", "nameserver %s\nnameserver %s\n".formatted(V4, V6));
        v4 = nameServer(V4);
        v6 = nameServer(V6);
    }

    private static ScriptedNameServer nameServer(String address) throws Exception {
        InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 53);
        return NetworkNamespace.in(control.path(), () -> new ScriptedNameServer(at));
    }

    private static void ask(SidecarPod pod) {
        long before = pod.metric("istio_agent_dns_requests_total");
        int questions = 0;
        for (String server : List.of(V4, V6)) {
            for (String by : List.of("udp", "tcp")) {
                String question = "dns " + server + " 53 echo.test A " + by;
                assertThat(pod.say(question))
                        .as(question)
                        .contains("aa=true")
                        .contains(" 30 f0330001]");
                String other = by + questions + ".else.test";
                String answer = pod.say("dns " + server + " 53 " + other + " A " + by);
                assertThat(answer)
                        .as(() -> other + ": " + answer + pod.log())
                        .contains("aa=false")
                        .contains(" 60 7f000001]");
                assertThat(v4.asked(other) + v6.asked(other))
                        .as("how often servers are asked for " + other)
                        .isEqualTo(1);
                questions += 2;
            }
        }
        assertThat(v4.asked("echo.test") + v6.asked("echo.test")).isZero();
        assertThat(pod.metric("istio_agent_dns_requests_total") - Math.max(0, before))
                .as("what the agent asked has not come to it")
                .isEqualTo(questions);
    }
}

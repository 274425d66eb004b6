package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import dev.attache.interception.Space;
import dev.attache.interception.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pods with addresses of IPv6 alone, and of both families: the agent with its proxy in one process
 * and with the real Envoy gets its identity and configuration from istiod over IPv6, answers at the
 * ports of the family, serves names there, and requests of the mesh are redirected and arrive.
 *
 * <pre>
 *   client 10.71.1.11 fd71:1::11  --  10.71.1.1 fd71:1::1  istiod, forwards
 *   server 10.71.2.12 fd71:2::12  --  10.71.2.1 fd71:2::1
 * </pre>
 */
@Tag("conformance")
final class AgentFamiliesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLIENT = "fd71:1::11";
    private static final String SERVER = "fd71:2::12";
    private static final String V4 = "240.71.0.1";
    private static final String V6 = "fd10:71::1";
    private static final String MESH =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: webFAMILY, namespace: default}
            spec: {hosts: [webFAMILY.test], addresses: ["SERVICE"], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}], endpoints: [{address: "ENDPOINT", serviceAccount: server, labels: {app: server, security.istio.io/tlsMode: istio}}]}
            """;
    private static final String STRICT =
            """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: STRICT}}
            """;
    private static final String PROBE =
            "{\"/app-health/app/readyz\":{\"httpGet\":{\"path\":\"/probed\",\"port\":8080}}}";

    @TempDir private static Path directory;

    private static Space control;
    private static SigningIstiod istiod;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        control = Space.make("control", directory);
        for (String setting : List.of("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")) {
            assertThat(control.inNamespace("sysctl -w " + setting).code()).isZero();
        }
        istiod =
                new SigningIstiod(
                        directory,
                        control,
                        SigningIstiod.PLAIN,
                        Map.of("ISTIO_DUAL_STACK", "true"));
        istiod.apply("strict", STRICT);
        istiod.apply("web6", web("6", V6, SERVER));
        istiod.apply("web4", web("4", V4, "10.71.2.12"));
    }

    private static String web(String family, String service, String endpoint) {
        return MESH.replace("FAMILY", family)
                .replace("SERVICE", service)
                .replace("ENDPOINT", endpoint);
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

    @Test
    void ofIpv6Alone() throws Exception {
        try (SidecarPod server = pod("server", "v6", List.of(SERVER + "/64"), "fd71:2::1");
                SidecarPod client = pod("client", "v6", List.of(CLIENT + "/64"), "fd71:1::1")) {
            server.start("agent", start(SERVER));
            client.start("one", start(CLIENT));
            serves(client, server);
            announced(client, CLIENT, CLIENT);
            atIpv6(client, server);
            assertThat(client.say("http 127.0.0.1 15000 GET /ready")).startsWith("failed");
            assertThat(client.say("dns 127.0.0.1 15053 web6.test A tcp")).startsWith("failed");
            assertThat(client.stop()).as(client::log).isZero();

            client.start("envoy", start(CLIENT).separate(Peers.envoy()));
            serves(client, server);
            atIpv6(client, server);
            assertThat(client.stop()).as(client::log).isZero();
            assertThat(server.stop()).as(server::log).isZero();
        }
    }

    @Test
    void ofBothFamilies() throws Exception {
        List<String> near = List.of("10.71.1.11/24", CLIENT + "/64");
        List<String> far = List.of("10.71.2.12/24", SERVER + "/64");
        try (SidecarPod server = pod("server", "both", far, "fd71:2::1", "10.71.2.1");
                SidecarPod client = pod("client", "both", near, "fd71:1::1", "10.71.1.1")) {
            server.start("agent", both("10.71.2.12").separate(Peers.subject()));
            for (String first : List.of("10.71.1.11", CLIENT)) {
                for (boolean separate : List.of(false, true)) {
                    SidecarPod.Start start = both(first);
                    client.start(
                            (separate ? "envoy" : "one") + (first.equals(CLIENT) ? "6" : "4"),
                            separate ? start.separate(Peers.envoy()) : start);
                    serves(client, server);
                    assertThat(client.say("http " + V4 + " 80 GET /hello host: web4.test"))
                            .as(() -> client.log() + server.log())
                            .contains("URI=spiffe://cluster.local/ns/default/sa/client")
                            .contains("from 127.0.0.6");
                    String other = first.equals(CLIENT) ? "10.71.1.11" : CLIENT;
                    announced(client, first, first + "," + other);
                    String own = first.equals(CLIENT) ? "::1" : "127.0.0.1";
                    assertThat(client.say("http " + own + " 15000 GET /ready")).contains("LIVE");
                    for (String address : List.of("10.71.1.11", CLIENT)) {
                        ports(server, address);
                    }
                    for (String at : List.of("127.0.0.1", "::1")) {
                        names(client, at + " 15053");
                    }
                    names(client, "10.71.1.1 53");
                    names(client, "fd71:1::1 53");
                    assertThat(client.stop()).as(client::log).isZero();
                }
            }
            assertThat(server.stop()).as(server::log).isZero();
        }
    }

    private static SidecarPod.Start start(String address) {
        return SidecarPod.Start.of(Way.IPTABLES)
                .variable("INSTANCE_IP", address)
                .variable("ISTIO_META_DNS_CAPTURE", "true")
                .variable("ISTIO_KUBE_APP_PROBERS", PROBE);
    }

    private static SidecarPod.Start both(String first) {
        return start(first).variable("ISTIO_DUAL_STACK", "true");
    }

    /**
     * @param gateways control's end of the cable, of which the first is the control plane's address
     *     and the name servers are all
     */
    private static SidecarPod pod(
            String name, String folder, List<String> addresses, String... gateways)
            throws IOException {
        Path own = Files.createDirectories(directory.resolve(folder).resolve(name));
        Space space = Space.make(name, own);
        try {
            String end = name + "0";
            space.cable(control, "eth0", end);
            space.plug("eth0", addresses);
            List<String> near = new ArrayList<>();
            for (String gateway : gateways) {
                near.add(gateway + (gateway.contains(":") ? "/64" : "/24"));
            }
            near.add("fe80::1/64"); // who forwards asks for neighbours from a link's own address
            control.plug(end, near);
            StringBuilder servers = new StringBuilder();
            for (String gateway : gateways) {
                String family = gateway.contains(":") ? "-6 " : "";
                space.ip(family + "route add default via " + gateway);
                servers.append("nameserver ").append(gateway).append('\n');
            }
            space.etc("resolv.conf", servers.toString());
            Way.IPTABLES.install(space, "1337", "--redirect-dns", "--capture-all-dns");
            SidecarPod pod = new SidecarPod(name, space, own, istiod, gateways[0]);
            if (name.equals("server")) {
                pod.say("serve 9001 9091 8080");
            }
            return pod;
        } catch (IOException e) {
            space.close();
            throw e;
        }
    }

    /** Both are ready, and a request of the mesh arrives over IPv6. */
    private static void serves(SidecarPod client, SidecarPod server) throws Exception {
        assertThat(PeerProcess.eventually(PATIENCE, () -> client.ready() && server.ready()))
                .as(() -> client.log() + server.log())
                .isTrue();
        String request = "http " + V6 + " 80 GET /hello host: web6.test";
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE, () -> client.say(request).startsWith("HTTP/1.1 200")))
                .as(() -> client.say(request) + client.fate() + server.fate())
                .isTrue();
        assertThat(client.say(request))
                .contains("URI=spiffe://cluster.local/ns/default/sa/client")
                .contains("from 0:0:0:0:0:0:0:6");
        assertThat(client.say("http " + SERVER + " 15020 GET /app-health/app/readyz"))
                .startsWith("HTTP/1.1 200")
                .contains("GET /probed");
    }

    /** The ports of proxy and agent, and names, are those of IPv6. */
    private static void atIpv6(SidecarPod client, SidecarPod server) {
        assertThat(client.say("http ::1 15000 GET /ready")).contains("LIVE");
        assertThat(client.say("http ::1 15020 GET /healthz/ready")).startsWith("HTTP/1.1 200");
        ports(server, CLIENT);
        names(client, "::1 15053");
        names(client, "fd71:1::1 53");
    }

    /** What others reach of a pod beside its application. */
    private static void ports(SidecarPod other, String address) {
        for (String port :
                List.of(
                        "15020 GET /healthz/ready",
                        "15020 GET /stats/prometheus",
                        "15021 GET /healthz/ready",
                        "15090 GET /stats/prometheus")) {
            assertThat(other.say("http " + address + " " + port))
                    .as(address + " " + port)
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static void names(SidecarPod pod, String server) {
        for (String by : List.of("udp", "tcp")) {
            assertThat(pod.say("dns " + server + " web6.test AAAA " + by))
                    .contains("aa=true")
                    .contains("fd100071000000000000000000000001");
            assertThat(pod.say("dns " + server + " web6.test A " + by))
                    .contains("NoError(0)", "aa=true")
                    .endsWith(" []");
            assertThat(pod.say("dns " + server + " web4.test A " + by)).contains("f0470001");
        }
    }

    private static void announced(SidecarPod pod, String first, String all) throws IOException {
        Map<String, Object> node =
                Tree.map(
                        Tree.map(Tree.parse(pod.file("etc/istio/proxy/envoy-rev.json")))
                                .get("node"));
        assertThat(Tree.text(node.get("id"), "")).startsWith("sidecar~" + first + "~client.");
        assertThat(Tree.map(node.get("metadata")).get("INSTANCE_IPS")).isEqualTo(all);
    }
}

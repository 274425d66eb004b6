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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two pods with two interfaces each: the control plane is reached by one of them, requests of the
 * mesh are to take the other. Routes alone would do neither: the one to the server is by the
 * control plane's network, and that to the control plane holds only for what comes from the right
 * address. The kernel counts by which interface connections leave.
 *
 * <pre>
 *   client  ctl0  10.61.1.11  --  10.61.1.1  cli0  istiod 10.61.9.1, forwards
 *   server  ctl0  10.61.2.12  --  10.61.2.1  srv0
 *   client  data0 10.61.3.11  --  10.61.3.12 data0 server
 *   client  spare0 10.61.7.11, which nobody is to know
 * </pre>
 */
@Tag("conformance")
final class AgentInterfacesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SERVICE = "240.61.0.1";
    private static final String ISTIOD = "10.61.9.1";
    private static final String EXCLUDED =
            "traffic.sidecar.istio.io/excludeInterfaces=\"spare0\"\n";
    private static final String MESH =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: web, namespace: default}
            spec: {hosts: [web.test], addresses: [240.61.0.1], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}], endpoints: [{address: 10.61.3.12, serviceAccount: server, labels: {app: server, security.istio.io/tlsMode: istio}}]}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: STRICT}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: default}
            spec: {host: web.test, trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 1}}}}
            """;

    /** First packets of connections, by where they leave. */
    private static final String COUNTERS =
            """
            table inet watch {
              chain leaving {
                type filter hook postrouting priority 300;
                oifname "ctl0" tcp dport 15012 tcp flags & (syn | ack) == syn counter comment "control by ctl0"
                oifname "data0" tcp dport 15012 tcp flags & (syn | ack) == syn counter comment "control by data0"
                oifname "ctl0" tcp dport 8080 tcp flags & (syn | ack) == syn counter comment "requests by ctl0"
                oifname "data0" tcp dport 8080 tcp flags & (syn | ack) == syn counter comment "requests by data0"
              }
            }
            """;

    @TempDir Path directory;

    @Test
    void controlAndDataLeaveByTheirInterfaces() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        try (Space control = space("control");
                Space first = space("client");
                Space second = space("server")) {
            connect(control, first, second);
            try (SigningIstiod istiod =
                            new SigningIstiod(directory, control, SigningIstiod.PLAIN, Map.of());
                    SidecarPod server = pod("server", second, istiod);
                    SidecarPod client = pod("client", first, istiod)) {
                istiod.apply("web", MESH);
                server.say("serve 9001 9091 8080");
                server.start("agent", start().flags("--advertise-address=data0"));
                SidecarPod.Start bound =
                        start().flags("--advertise-address=data0", "--data-address=data0")
                                .annotated(EXCLUDED);

                client.start("routes", start());
                assertThat(leaving(client, server)).isEqualTo("ctl0");
                assertThat(client.stop()).as(client::log).isZero();
                client.start("one", bound);
                assertThat(leaving(client, server)).isEqualTo("data0");
                announced(client);
                assertThat(client.stop()).as(client::log).isZero();
                client.start("envoy", byVariables().separate(Peers.envoy()));
                assertThat(leaving(client, server)).isEqualTo("data0");
                announced(client);
                assertThat(client.stop()).as(client::log).isZero();
            }
        }
    }

    private Space space(String name) throws IOException {
        return Space.make(name, Files.createDirectories(directory.resolve(name)));
    }

    private SidecarPod pod(String name, Space space, SigningIstiod istiod) throws IOException {
        Way.IPTABLES.install(space, "1337");
        return new SidecarPod(name, space, directory.resolve(name), istiod, ISTIOD);
    }

    private static SidecarPod.Start start() {
        return SidecarPod.Start.of(Way.IPTABLES).flags("--control-plane-address=ctl0");
    }

    private static SidecarPod.Start byVariables() {
        return SidecarPod.Start.of(Way.IPTABLES)
                .variable("ATTACHE_CONTROL_PLANE_ADDRESS", "ctl0")
                .variable("ATTACHE_ADVERTISE_ADDRESS", "data0")
                .variable("ATTACHE_DATA_ADDRESS", "data0")
                .variable("ATTACHE_INTERFACES", "ctl0,data0");
    }

    private static void connect(Space control, Space client, Space server) throws IOException {
        for (Space each : List.of(control, client, server)) {
            must(each, "sysctl -w net.ipv4.conf.all.rp_filter=0");
            must(each, "sysctl -w net.ipv4.conf.default.rp_filter=0");
        }
        must(control, "sysctl -w net.ipv4.ip_forward=1");
        wire(control, "cli0", "10.61.1.1", client, "10.61.1.11");
        wire(control, "srv0", "10.61.2.1", server, "10.61.2.12");
        control.ip("addr add " + ISTIOD + "/32 dev lo");
        control.ip("route add 10.61.3.12 via 10.61.2.12");
        client.cable(server, "data0");
        client.ip("addr add 10.61.3.11/24 dev data0 noprefixroute");
        client.plug("data0", List.of());
        server.plug("data0", List.of("10.61.3.12/24"));
        client.cable(server, "spare0", "spare0");
        client.plug("spare0", List.of("10.61.7.11/24"));
        // To the server by the control plane's network, and to the control plane by the server's.
        client.ip("route add 10.61.3.12 via 10.61.1.1 dev ctl0");
        client.ip("rule add from 10.61.3.11 lookup 42");
        client.ip("route add 10.61.3.0/24 dev data0 table 42");
        client.ip("route add default via 10.61.3.12 dev data0 onlink");
        server.ip("route add default via 10.61.3.11 dev data0");
    }

    /** A cable to the control plane, which answers only to what comes from its address. */
    private static void wire(Space control, String end, String gateway, Space pod, String address)
            throws IOException {
        control.cable(pod, end, "ctl0");
        control.plug(end, List.of(gateway + "/24"));
        pod.plug("ctl0", List.of(address + "/24"));
        pod.ip("rule add from " + address + " lookup 41");
        pod.ip("route add default via " + gateway + " dev ctl0 table 41");
    }

    private static void must(Space space, String command) throws IOException {
        Space.Outcome outcome = space.inNamespace(command);
        assertThat(outcome.code()).as(outcome.text()).isZero();
    }

    /** Has the client ask, and says by which of its interfaces its requests have left. */
    private String leaving(SidecarPod client, SidecarPod server) throws Exception {
        Path rules = Files.writeString(directory.resolve("watch.nft"), COUNTERS);
        must(client.space(), "nft -f " + rules);
        assertThat(PeerProcess.eventually(PATIENCE, () -> client.ready() && server.ready()))
                .as(() -> client.log() + server.log())
                .isTrue();
        String request = "http " + SERVICE + " 80 GET /hello";
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE, () -> client.say(request).startsWith("HTTP/1.1 200")))
                .as(() -> client.say(request) + client.fate() + server.fate())
                .isTrue();
        assertThat(client.say(request)).contains("URI=spiffe://cluster.local/ns/default/sa/client");
        assertThat(client.say("http 127.0.0.1 15021 GET /healthz/ready"))
                .as("the proxy reaches its agent all the same")
                .startsWith("HTTP/1.1 200");
        String counted = client.space().inNamespace("nft list table inet watch").text();
        must(client.space(), "nft delete table inet watch");
        assertThat(packets(counted, "control by ctl0")).as(counted).isPositive();
        assertThat(packets(counted, "control by data0")).as(counted).isZero();
        long control = packets(counted, "requests by ctl0");
        long data = packets(counted, "requests by data0");
        assertThat(Math.min(control, data)).as(counted).isZero();
        assertThat(Math.max(control, data)).as(counted).isPositive();
        return control > 0 ? "ctl0" : "data0";
    }

    private static long packets(String listed, String comment) {
        return listed.lines()
                .filter(line -> line.contains(comment))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*packets (\\d+) .*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    /** The address of the data first, all others but that of the interface that is left out. */
    private static void announced(SidecarPod pod) throws IOException {
        Map<String, Object> node =
                Tree.map(
                        Tree.map(Tree.parse(pod.file("etc/istio/proxy/envoy-rev.json")))
                                .get("node"));
        assertThat(node.get("id"))
                .isEqualTo("sidecar~10.61.3.11~client.default~default.svc.cluster.local");
        assertThat(Tree.map(node.get("metadata")).get("INSTANCE_IPS"))
                .isEqualTo("10.61.3.11,10.61.1.11");
    }
}

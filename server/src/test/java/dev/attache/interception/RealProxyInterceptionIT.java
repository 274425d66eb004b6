package dev.attache.interception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application, redirected to the real proxy by each way of intercepting, with Istio's outbound
 * and inbound listeners: both families, by two listeners and by one for both, two interfaces; and
 * what happens when nothing keeps the proxy's own traffic apart.
 */
class RealProxyInterceptionIT {
    private static final String DUAL =
            """
                address: { socket_address: { address: "0.0.0.0", port_value: PORT } }
                additional_addresses:
                - address: { socket_address: { address: "::", port_value: PORT } }
            """
                    .stripTrailing();
    private static final String COMPATIBLE =
            """
                address: { socket_address: { address: "::", port_value: PORT, ipv4_compat: true } }
            """
                    .stripTrailing();
    private static final String OUT = "cluster.PassthroughCluster.upstream_cx_total";
    private static final String IN4 = "cluster.InboundPassthroughCluster.upstream_cx_total";
    private static final String IN6 = "cluster.InboundPassthroughClusterIpv6.upstream_cx_total";

    private static final String NEW = " -p tcp --dport 8081 --syn";

    @TempDir Path directory;

    @BeforeEach
    void skipWhereThereCanBeNoPod() throws IOException {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
    }

    @ParameterizedTest
    @EnumSource
    void servesBothDirectionsAndFamilies(Way way) throws IOException {
        serve(way, DUAL);
    }

    @ParameterizedTest
    @EnumSource
    void servesBothFamiliesByOneSocket(Way way) throws IOException {
        serve(way, COMPATIBLE);
    }

    private void serve(Way way, String address) throws IOException {
        try (Pod pod = Pod.make(directory)) {
            Player application = pod.application();
            Player world = pod.world();
            people(application, world);
            Sidecar sidecar = Sidecar.start(pod, application, way, address);
            way.install(pod.space(), "1337");

            for (String net : new String[] {"10.21.0.", "10.22.0."}) {
                assertThat(application.say("get " + net + "1 8080"))
                        .isEqualTo("[upstream at " + net + "1:8080 from " + net + "2]");
                assertThat(world.say("get " + net + "2 8081"))
                        .isEqualTo("[application at " + net + "2:8081 from 127.0.0.6]");
            }
            for (String net : new String[] {"fd21:0:0:0:0:0:0:", "fd22:0:0:0:0:0:0:"}) {
                assertThat(application.say("get " + net + "1 8080"))
                        .isEqualTo("[upstream at " + net + "1:8080 from " + net + "2]");
                assertThat(world.say("get " + net + "2 8081"))
                        .isEqualTo("[application at " + net + "2:8081 from 0:0:0:0:0:0:0:6]");
            }
            assertThat(world.say("get 10.21.0.2 15090")).startsWith("[excluded at 10.21.0.2:15090");
            assertThat(application.say("get 127.0.0.1 8081")).startsWith("[application at");

            assertThat(sidecar.stat(OUT)).isEqualTo(4);
            assertThat(sidecar.stat(IN4)).isEqualTo(2);
            assertThat(sidecar.stat(IN6)).isEqualTo(2);
            assertThat(sidecar.errors(0)).isEmpty();
            way.remove(pod.space());
            assertThat(application.say("get 10.21.0.1 8080")).startsWith("[upstream");
            assertThat(sidecar.stat(OUT)).as("nothing is redirected any more").isEqualTo(4);
        }
    }

    /**
     * The application sees the client, of both families, and every connection to it carries the
     * mark by which its answers find back.
     */
    @Test
    void theApplicationSeesTheClientsAddress() throws IOException {
        try (Pod pod = Pod.make(directory)) {
            Player application = pod.application();
            Player world = pod.world();
            people(application, world);
            Sidecar sidecar = Sidecar.startKeepingClients(pod, application, DUAL);
            Way.TPROXY.install(pod.space(), "1337");
            for (String family : new String[] {"iptables", "ip6tables"}) {
                pod.space()
                        .inNamespace(
                                family + " -t mangle -I OUTPUT" + NEW + " -m mark --mark 1337");
                pod.space()
                        .inNamespace(
                                family + " -t mangle -I OUTPUT" + NEW + " -m mark ! --mark 1337");
            }

            for (String net : new String[] {"10.21.0.", "10.22.0."}) {
                assertThat(world.say("get " + net + "2 8081"))
                        .isEqualTo("[application at " + net + "2:8081 from " + net + "1]");
            }
            for (String net : new String[] {"fd21:0:0:0:0:0:0:", "fd22:0:0:0:0:0:0:"}) {
                assertThat(world.say("get " + net + "2 8081"))
                        .isEqualTo("[application at " + net + "2:8081 from " + net + "1]");
            }

            assertThat(sidecar.stat(IN4)).isEqualTo(2);
            assertThat(sidecar.stat(IN6)).isEqualTo(2);
            for (String family : new String[] {"iptables", "ip6tables"}) {
                assertThat(packets(pod, family, "mark match ! 0x539")).isZero();
                assertThat(packets(pod, family, "mark match 0x539")).isEqualTo(2);
            }
        }
    }

    /** First packets of connections to the application that fit a rule. */
    private static long packets(Pod pod, String family, String match) throws IOException {
        String rules = pod.space().inNamespace(family + " -t mangle -nvxL OUTPUT").text();
        return rules.lines()
                .filter(line -> line.contains("dpt:8081") && line.contains(match))
                .mapToLong(line -> Long.parseLong(line.strip().split(" +")[0]))
                .findFirst()
                .orElseThrow(() -> new IOException("no rule with " + match + ": " + rules));
    }

    private static void people(Player application, Player world) throws IOException {
        application.say("serve :: 8081 application");
        application.say("serve :: 15090 excluded");
        world.say("serve :: 8080 upstream");
    }

    /** The rules are installed for another user than the proxy's. */
    @ParameterizedTest
    @EnumSource
    void refusesItsOwnTrafficAndServesOn(Way way) throws IOException {
        try (Pod pod = Pod.make(directory)) {
            Player application = pod.application();
            Player world = pod.world();
            people(application, world);
            Sidecar sidecar = Sidecar.start(pod, application, way, DUAL);
            way.install(pod.space(), "4242");
            long descriptors = sidecar.descriptors();

            assertThat(application.say("get 10.21.0.1 8080")).doesNotContain("upstream");
            assertThat(accepted(sidecar)).isBetween(1L, 2L);
            assertThat(sidecar.errors(1)).hasSize(1);
            assertThat(sidecar.errors(1).getFirst()).contains("10.21.0.1:8080");
            for (int i = 0; i < 20; i++) {
                application.say("get 10.21.0.1 8080");
            }
            assertThat(accepted(sidecar)).isLessThanOrEqualTo(42);
            assertThat(refused(sidecar)).isEqualTo(21);
            assertThat(sidecar.errors(1)).as("said once").hasSize(1);
            String answer = application.say("get fd21::1 8080");
            assertThat(answer).doesNotContain("upstream");
            assertThat(sidecar.errors(2)).as(answer + "\n" + sidecar.log()).hasSize(2);
            assertThat(sidecar.descriptors()).isLessThanOrEqualTo(descriptors + 8);
            assertThat(sidecar.isAlive()).isTrue();

            way.remove(pod.space());
            way.install(pod.space(), "1337");
            assertThat(application.say("get 10.21.0.1 8080")).startsWith("[upstream");
            assertThat(sidecar.stat(OUT)).isPositive();
        }
    }

    /** Clients that call the proxy's ports themselves reach nothing. */
    @ParameterizedTest
    @EnumSource
    void refusesCallsToItsOwnPorts(Way way) throws IOException {
        try (Pod pod = Pod.make(directory)) {
            Player application = pod.application();
            Player world = pod.world();
            people(application, world);
            Sidecar sidecar = Sidecar.start(pod, application, way, DUAL);
            way.install(pod.space(), "1337");
            for (String port : new String[] {"15001", "15006"}) {
                for (String host : new String[] {"10.21.0.2", "10.22.0.2", "fd21::2"}) {
                    assertThat(world.say("get " + host + " " + port)).doesNotContain("at");
                    assertThat(application.say("get " + host + " " + port)).doesNotContain("at");
                }
            }
            assertThat(accepted(sidecar)).as("two each at most").isLessThanOrEqualTo(24);
            assertThat(sidecar.isAlive()).isTrue();
            assertThat(application.say("get 10.21.0.1 8080")).startsWith("[upstream");
        }
    }

    private static long accepted(Sidecar sidecar) throws IOException {
        return sidecar.stat("listener.0.0.0.0_15001.downstream_cx_total")
                + sidecar.stat("listener.0.0.0.0_15006.downstream_cx_total");
    }

    private static long refused(Sidecar sidecar) throws IOException {
        return sidecar.stat("attache.loop_guard.own_connection")
                + sidecar.stat("attache.loop_guard.not_permitted");
    }
}

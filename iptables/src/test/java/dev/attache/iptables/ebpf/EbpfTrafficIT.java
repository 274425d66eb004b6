package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.ebpf.program.Counter;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real connections of an application in a cgroup, through the programs, to a proxy: the table of
 * cases that the other ways of interception pass, too.
 */
class EbpfTrafficIT {
    private static final String OUT4 = "connect inet 203.0.113.10 80";

    private static Lab lab;
    private static Lab.Player app;
    private static Lab.Player proxy;
    private static Lab.Player world;

    @BeforeAll
    static void build() throws IOException {
        if (!Lab.obstacle().isEmpty()) {
            return;
        }
        lab = Lab.build();
        app = lab.inPod("app", 1000);
        proxy = lab.inPod("app", 1337);
        world = lab.inWorld();
        proxy.say("proxy inet6 15001");
        proxy.say("proxy inet6 15006");
        proxy.say("proxy inet6 15053");
        proxy.say("relay inet6 15101");
        proxy.say("resolve inet6 15053");
        app.say("serve inet6 8080");
        app.say("serve inet6 15008");
        world.say("serve inet6 80");
        world.say("serve inet6 8443");
        world.say("serve inet6 53");
        world.say("resolve inet6 53");
    }

    @AfterAll
    static void tearDown() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void skipWhereThereIsNoLab() {
        Assumptions.assumeTrue(lab != null, "eBPF traffic: " + Lab.obstacle());
    }

    @AfterEach
    void detach() {
        if (lab == null) {
            return;
        }
        Lab.Outcome outcome =
                lab.ebpf(Map.of(), "detach", "--cgroup", lab.cgroup("app").toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    private static Lab.Outcome attach(String... flags) {
        return attach(Map.of(), flags);
    }

    private static Lab.Outcome attach(Map<String, String> environment, String... flags) {
        Lab.Outcome outcome = run("attach", environment, flags);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static Lab.Outcome run(
            String action, Map<String, String> environment, String... flags) {
        String[] all = new String[flags.length + 3];
        all[0] = action;
        all[1] = "--cgroup";
        all[2] = lab.cgroup("app").toString();
        System.arraycopy(flags, 0, all, 3, flags.length);
        return lab.ebpf(environment, all);
    }

    private static String proxied(String original, String local, String client) {
        return "proxy original %s local %s client %s peer %s"
                .formatted(original, local, client, original);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inet", "inet6"})
    void ipv4ReachesTheProxyWhichLearnsTheOriginal(String family) throws IOException {
        attach("-i", "*", "-u", "1337");
        assertThat(app.say("connect " + family + " 203.0.113.10 80"))
                .isEqualTo(proxied("203.0.113.10:80", "127.0.0.1:15001", "10.77.0.2"));
    }

    @Test
    void ipv6ReachesTheProxyWhichLearnsTheOriginal() throws IOException {
        attach("-i", "*", "-u", "1337", "--dual-stack");
        assertThat(app.say("connect inet6 2001:db8::10 80"))
                .isEqualTo(
                        proxied(
                                "[2001:db8:0:0:0:0:0:10]:80",
                                "[0:0:0:0:0:0:0:1]:15001",
                                "[fd77:0:0:0:0:0:0:2]"));
    }

    @Test
    void ipv6IsLeftAloneWhereTheFirstAddressIsIpv4AndNoDualStackIsAsked() throws IOException {
        attach("-i", "*", "-u", "1337");
        assertThat(app.say("connect inet6 2001:db8::10 80")).startsWith("server local");
    }

    @Test
    void anApplicationThatBoundItsAddressIsRedirectedToo() throws IOException {
        attach("-i", "*", "-u", "1337");
        assertThat(app.say("bound inet 203.0.113.10 80 10.77.0.2"))
                .isEqualTo(proxied("203.0.113.10:80", "127.0.0.1:15001", "10.77.0.2"));
    }

    @ParameterizedTest(name = "{0} goes by {1}")
    @CsvSource({
        "-i *, proxy",
        "-i 203.0.113.0/24, proxy",
        "-i 10.0.0.0/8, server",
        "-i * -x 203.0.113.0/24, server",
        "-i * -x 203.0.113.11/32, proxy",
        "-i * -o 80, server",
        "-i * -o 81, proxy",
        "-q 80, proxy",
        "-q 81, server",
        "-i * -u 1000, server",
        "-i * -u 4242 -g 1000, server",
    })
    void outboundFollowsTheFlags(String flags, String by) throws IOException {
        attach((flags.contains("-u") ? flags : flags + " -u 1337").split(" "));
        assertThat(app.say(OUT4)).startsWith(by);
        assertThat(app.say("connect inet6 203.0.113.10 80")).startsWith(by);
    }

    @ParameterizedTest(name = "{0} goes by {1}")
    @CsvSource({
        "-i 2001:db8::/32, proxy",
        "-i 203.0.113.0/24, server",
        "-i * -x 2001:db8::10, server",
        "-i * -x 2001:db8::/127, proxy",
        "-i * -x 2001:db8:0:0:8000::/65, proxy",
    })
    void outboundIpv6FollowsTheFlags(String flags, String by) throws IOException {
        attach((flags + " --dual-stack -u 1337").split(" "));
        assertThat(app.say("connect inet6 2001:db8::10 80")).startsWith(by);
    }

    @Test
    void ownerGroupsAreIncludedAndExcluded() throws IOException {
        attach(Map.of("ISTIO_OUTBOUND_OWNER_GROUPS", "1000"), "-i", "*", "-u", "1337");
        assertThat(app.say(OUT4)).startsWith("proxy");
        attach(Map.of("ISTIO_OUTBOUND_OWNER_GROUPS", "1001"), "-i", "*", "-u", "1337");
        assertThat(app.say(OUT4)).startsWith("server");
        attach(Map.of("ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", "1000"), "-i", "*", "-u", "1337");
        assertThat(app.say(OUT4)).startsWith("server");
    }

    @ParameterizedTest
    @CsvSource({
        "-c eth1, 10.78.0.1, server",
        "-c eth1, 203.0.113.10, proxy",
        "-c eth0, 203.0.113.10, server",
        "-c eth0, 10.78.0.1, proxy",
        "--include-interfaces eth0, 10.78.0.1, server",
        "--include-interfaces eth0, 203.0.113.10, proxy",
    })
    void outboundFollowsTheInterface(String flags, String to, String by) throws IOException {
        attach(("-i * -u 1337 " + flags).split(" "));
        assertThat(app.say("connect inet6 " + to + " 80")).startsWith(by);
    }

    @Test
    void theProxyIsNotRedirected() throws IOException {
        attach("-i", "*", "-u", "1337");
        assertThat(proxy.say(OUT4)).startsWith("server");
    }

    @Test
    void connectionsWithinTheHostAreLeftAlone() throws IOException {
        attach("-i", "*", "-u", "1337", "--dual-stack");
        for (String own : new String[] {"10.77.0.2", "10.78.0.2", "127.0.0.1", "fd77::2", "::1"}) {
            assertThat(app.say("connect inet6 " + own + " 8080")).startsWith("server local");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "query inet, 198.51.100.53, 127.0.0.1, 198.51.100.53",
        "query inet6, 198.51.100.53, 127.0.0.1, 198.51.100.53",
        "ask inet, 198.51.100.53, 127.0.0.1, 198.51.100.53",
        "ask inet6, 198.51.100.53, 127.0.0.1, 198.51.100.53",
        "query inet6, 2001:db8::10, ::1, [2001:db8:0:0:0:0:0:10]",
        "ask inet6, 2001:db8::10, ::1, [2001:db8:0:0:0:0:0:10]",
    })
    void queriesOverUdpAreAnsweredByTheProxyInTheServersName(
            String how, String server, String loopback, String shown) throws IOException {
        attach("--capture-all-dns", "--dual-stack", "-u", "1337");
        String answer = app.say(how + " " + server + " 53");
        assertThat(answer).startsWith("answer-of-").contains(":15053 from " + shown + ":53");
        if (how.startsWith("ask")) {
            assertThat(answer).endsWith(" peer " + shown + ":53");
        }
    }

    @Test
    void queriesOverTcpReachTheProxy() throws IOException {
        attach("--capture-all-dns", "-u", "1337");
        assertThat(app.say("connect inet 198.51.100.53 53"))
                .isEqualTo(proxied("198.51.100.53:53", "127.0.0.1:15053", "127.0.0.1"));
    }

    @Test
    void queriesOfTheProxyAndQueriesThatAreNotCapturedReachTheServer() throws IOException {
        attach("--capture-all-dns", "-u", "1337");
        assertThat(proxy.say("query inet 198.51.100.53 53"))
                .startsWith("answer-of")
                .contains(":53 from");
        attach("-i", "*", "-u", "1337");
        assertThat(app.say("query inet 198.51.100.53 53")).contains(":53 from ");
    }

    @ParameterizedTest(name = "{0} to {1} goes by {2}")
    @CsvSource({
        "-b *, 10.77.0.2 8080, proxy original 10.77.0.2:8080 local 10.77.0.2:8080 client 10.77.0.1",
        "-b *, 10.78.0.2 8080, proxy original 10.78.0.2:8080 local 10.78.0.2:8080 client 10.78.0.1",
        "-b 8080, 10.77.0.2 8080, proxy",
        "-b 8081, 10.77.0.2 8080, server",
        "-b * -d 8080, 10.77.0.2 8080, server",
        "-b *, 10.77.0.2 15008, server",
        "-b * -c eth1, 10.78.0.2 8080, server",
        "-b * -c eth1, 10.77.0.2 8080, proxy",
        "-b * --dual-stack, fd77::2 8080, proxy original [fd77:0:0:0:0:0:0:2]:8080",
        "-b *, fd77::2 8080, server",
        "-b *, 10.77.0.2 9999, proxy original 10.77.0.2:9999",
        "-i *, 10.77.0.2 8080, server",
    })
    void inboundFollowsTheFlags(String flags, String to, String by) throws IOException {
        attach((flags + " -u 1337").split(" "));
        assertThat(world.say("connect inet6 " + to)).startsWith(by);
    }

    @Test
    void theProxyToItsOwnHostGoesToItsInboundPort() throws IOException {
        attach("-i", "*", "-b", "*", "-u", "1337");
        assertThat(proxy.say("connect inet 10.77.0.2 8080"))
                .startsWith("proxy original 10.77.0.2:8080 local 127.0.0.1:15006");
        assertThat(proxy.say("bound inet 10.77.0.2 8080 127.0.0.6")).startsWith("server local");
        assertThat(proxy.say("connect inet 127.0.0.1 8080")).startsWith("server local");
    }

    @Test
    void theProxyToItsOwnPortsIsRefusedAndCounted() throws IOException {
        attach("-i", "*", "-b", "*", "-u", "1337");
        assertThat(proxy.say("connect inet 127.0.0.1 15001")).startsWith("failed");
        assertThat(proxy.say("connect inet6 10.77.0.2 15006")).startsWith("failed");
        assertThat(counter(Counter.LOOP_REFUSED)).isEqualTo(2);
    }

    @Test
    void aProxyThatNoRuleNamesDoesNotLoop() throws IOException {
        attach("-i", "*", "-u", "4242", "-p", "15101");
        for (int i = 0; i < 5; i++) {
            assertThat(app.say(OUT4)).doesNotContain("server");
        }
        assertThat(counter(Counter.OUTBOUND)).isEqualTo(5);
        assertThat(counter(Counter.LOOP_UNNAMED)).isEqualTo(5);
        Lab.Outcome status = run("status", Map.of());
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out())
                .contains("of user 1337 accepts redirected connections")
                .contains("attach with -u 1337");
        assertThat(app.say("connect inet 203.0.113.10 80"))
                .as("the application is none")
                .doesNotContain("not permitted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.10", "2001:db8::10"})
    void bytesBetweenApplicationAndProxySkipTheStack(String server) throws IOException {
        attach("-i", "*", "-u", "1337", "-p", "15101", "--dual-stack");
        long before = lab.loopbackBytes();
        assertThat(app.say("pingpong " + server + " 80 1000 4000")).isEqualTo("echoed 1000");
        assertThat(counter(Counter.SHORTCUT_BYTES)).isBetween(7_992_000L, 8_000_000L);
        assertThat(counter(Counter.TCP_MESSAGES)).isLessThanOrEqualTo(2);
        assertThat(lab.loopbackBytes() - before).isLessThan(80_000);
    }

    @Test
    void bytesArriveInOrderWhicheverPathTheyTake() throws IOException {
        attach("-i", "*", "-u", "1337", "-p", "15101");
        assertThat(app.say("bulk 203.0.113.10 80 20000000")).isEqualTo("echoed 20000000");
        assertThat(counter(Counter.SHORTCUT_BYTES)).isPositive();
    }

    /** Without the check in the program the kernel would take all 200 million bytes. */
    @Test
    void aSlowReaderMakesTheWriterWaitAndLosesNothing() throws IOException {
        proxy.say("sink 15201");
        attach("-i", "*", "-u", "1337", "-p", "15201");
        String written = app.say("flood 203.0.113.10 80");
        long bytes = Long.parseLong(written.substring("written ".length()));
        assertThat(bytes).isLessThan(50_000_000);
        assertThat(counter(Counter.SHORTCUT_BYTES)).isPositive();
        assertThat(counter(Counter.TCP_MESSAGES)).isPositive();
        assertThat(proxy.say("drink")).isEqualTo("read " + bytes);
    }

    @Test
    void withoutSockmapBytesGoThroughTcp() throws IOException {
        attach("-i", "*", "-u", "1337", "-p", "15101", "--no-sockmap");
        assertThat(app.say("bulk 203.0.113.10 80 5000000")).isEqualTo("echoed 5000000");
        assertThat(counter(Counter.SHORTCUT_BYTES)).isZero();
    }

    @Test
    void inboundToTheApplicationTakesTheShortPathOnItsLastLeg() throws IOException {
        attach("-b", "*", "-u", "1337", "-z", "15101");
        assertThat(world.say("pingpong 10.77.0.2 8080 1000 4000")).isEqualTo("echoed 1000");
        assertThat(counter(Counter.INBOUND)).isEqualTo(1);
        assertThat(counter(Counter.SHORTCUT_BYTES)).isBetween(7_992_000L, 8_000_000L);
    }

    private static long counter(Counter counter) throws IOException {
        String line =
                run("status", Map.of())
                        .out()
                        .lines()
                        .filter(each -> each.endsWith(counter.meaning()))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.strip().split(" ")[0]);
    }
}

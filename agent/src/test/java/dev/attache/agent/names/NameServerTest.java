package dev.attache.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of the workload's name server are answered, over real sockets. */
final class NameServerTest {

    private static final int TXT = 16;
    private static final Duration PATIENT = Duration.ofSeconds(10);

    private final AgentMetrics metrics = new AgentMetrics();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private static NameServerSettings settings(
            boolean parallel, boolean unsynced, Duration timeout) {
        return new NameServerSettings(
                "localhost:0",
                "shop",
                "shop.svc.cluster.local",
                parallel,
                timeout,
                Path.of("/nowhere"),
                unsynced);
    }

    /** Long enough for machines that are busy; where quiet itself is the matter, short. */
    private long quietMillis = 20_000;

    private NameServer server(NameServerSettings settings, ScriptedServer... machine)
            throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (ScriptedServer one : machine) {
            servers.add(one.address());
        }
        return opened(
                NameServer.start(
                        settings,
                        new ResolvConf(List.of(), List.of("shop.svc.cluster.local")),
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        servers,
                        metrics,
                        quietMillis));
    }

    private static InetSocketAddress of(NameServer server) {
        return server.addresses().getFirst();
    }

    private static NameTable table() {
        return new NameTable(
                Map.of(
                        "echo.test", NameTable.Host.of("240.10.0.1"),
                        "six.test", NameTable.Host.of("2001:db8::1"),
                        "many.test", NameTable.Host.of(addresses(200)),
                        "*.wild.test", NameTable.Host.of("240.10.0.9")));
    }

    private static String[] addresses(int count) {
        String[] ips = new String[count];
        for (int i = 0; i < count; i++) {
            ips[i] = "240.20.0." + i;
        }
        return ips;
    }

    /** As where interception sends the agent's own questions back to it. */
    @Test
    void aQuestionThatComesBackIsNotAskedAgain() throws Exception {
        InetSocketAddress own = free();
        NameServer server =
                opened(
                        NameServer.start(
                                settings(false, false, PATIENT),
                                new ResolvConf(List.of(), List.of()),
                                List.of(own),
                                List.of(own),
                                metrics,
                                quietMillis));
        server.accept(table());
        assertThat(Questions.ask(own, "elsewhere.example.", DnsMessage.A).rcode())
                .isEqualTo(DnsFlags.SERVFAIL);
        byte[] byTcp = Questions.question(9, "elsewhere.example.", DnsMessage.A, 0);
        assertThat(Reply.parse(Questions.exchangeByTcp(own, byTcp)).rcode())
                .isEqualTo(DnsFlags.SERVFAIL);
        assertThat(server.state().requests()).isEqualTo(2);
        assertThat(Questions.ask(own, "echo.test.", DnsMessage.A).answers()).hasSize(1);
    }

    private static InetSocketAddress free() throws IOException {
        try (java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    @Test
    void namesOfTheMeshAreAnsweredByTheOneWhoKnows() throws Exception {
        ScriptedServer machine = opened(ScriptedServer.giving(1));
        NameServer server = server(settings(false, false, PATIENT), machine);
        Reply before = Questions.ask(of(server), "echo.test.", DnsMessage.A);
        assertThat(before.rcode()).isEqualTo(DnsFlags.SERVFAIL);
        assertThat(server.ready()).isFalse();
        assertThat(server.json()).isNull();
        server.accept(table());
        assertThat(server.ready()).isTrue();
        assertThat(server.state().hosts()).isPositive();
        assertThat(server.state().tableAt()).isNotNull();
        assertThat(server.state().requests()).isEqualTo(1);
        for (String name : List.of("echo.test.", "ECHO.Test.")) {
            Reply known = Questions.ask(of(server), name, DnsMessage.A);
            assertThat(known.answers()).containsExactly("echo.test. 1 30 240.10.0.1");
            assertThat(known.authoritative()).isTrue();
            assertThat(known.recursionAvailable()).isFalse();
            assertThat(known.id()).isEqualTo(4711);
            assertThat(known.questions()).isEqualTo(1);
        }
        Reply otherFamily = Questions.ask(of(server), "echo.test.", DnsMessage.AAAA);
        assertThat(otherFamily.answers()).isEmpty();
        assertThat(otherFamily.authoritative()).isTrue();
        assertThat(otherFamily.rcode()).isEqualTo(DnsFlags.NOERROR);
        assertThat(Questions.ask(of(server), "six.test.", DnsMessage.AAAA).answers())
                .containsExactly("six.test. 28 30 2001:db8:0:0:0:0:0:1");
        assertThat(machine.asked).isEmpty();
    }

    @Test
    void aNameWithTheSearchDomainIsAnAlias() throws Exception {
        NameServer server = server(settings(false, false, PATIENT));
        server.accept(table());
        assertThat(
                        Questions.ask(of(server), "echo.test.shop.svc.cluster.local.", DnsMessage.A)
                                .answers())
                .containsExactly(
                        "echo.test.shop.svc.cluster.local. 5 30 echo.test.",
                        "echo.test. 1 30 240.10.0.1");
        assertThat(Questions.ask(of(server), "a.b.wild.test.", DnsMessage.A).answers())
                .containsExactly("a.b.wild.test. 1 30 240.10.0.9");
    }

    @Test
    void othersAreAskedOfTheMachinesServers() throws Exception {
        ScriptedServer machine = opened(ScriptedServer.giving(7));
        NameServer server = server(settings(false, false, PATIENT), machine);
        server.accept(table());
        Reply unknown = Questions.ask(of(server), "elsewhere.example.", DnsMessage.A);
        assertThat(unknown.answers()).containsExactly("elsewhere.example. 1 60 10.0.0.7");
        assertThat(unknown.authoritative()).isFalse();
        assertThat(unknown.recursionAvailable()).isTrue();
        assertThat(unknown.id()).isEqualTo(4711);
        Questions.ask(of(server), "echo.test.", TXT);
        byte[] byTcp = Questions.question(9, "elsewhere.example.", DnsMessage.A, 1232);
        assertThat(Reply.parse(Questions.exchangeByTcp(of(server), byTcp)).id()).isEqualTo(9);
        assertThat(machine.asked).hasSize(3);
        // What follows the id is handed on as it was, records of EDNS included.
        assertThat(machine.asked.getLast().question()).endsWith(tail(byTcp));
        assertThat(metrics.print())
                .contains("istio_agent_dns_requests_total 3")
                .contains("istio_agent_dns_upstream_requests_total 3")
                .contains("istio_agent_dns_upstream_failures_total 0")
                .contains("istio_agent_dns_upstream_request_duration_seconds_bucket{le=\"0.1\"}");
    }

    private static byte[] tail(byte[] question) {
        byte[] tail = new byte[question.length - 2];
        System.arraycopy(question, 2, tail, 0, tail.length);
        return tail;
    }

    @Test
    void idsAndPortsOfForwardedQuestionsAreByChance() throws Exception {
        ScriptedServer machine = opened(ScriptedServer.giving(7));
        NameServer server = server(settings(false, true, PATIENT), machine);
        for (int i = 0; i < 20; i++) {
            Questions.ask(of(server), "elsewhere.example.", DnsMessage.A);
        }
        Set<Integer> ports = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        machine.asked.forEach(asked -> {
            ports.add(asked.port());
            ids.add(DnsMessage.word(asked.question(), 0));
        });
        assertThat(ports).hasSizeGreaterThan(10);
        assertThat(ids).hasSizeGreaterThan(15);
    }

    /** Another id, another name, no answer at all, half a record: none of them is the answer. */
    @Test
    void onlyTheAnswerToTheQuestionIsTaken() throws Exception {
        ScriptedServer machine =
                opened(
                        new ScriptedServer(question -> {
                            byte[] otherId = ScriptedServer.address(question, 1);
                            otherId[0] ^= 1;
                            byte[] otherName = ScriptedServer.address(question, 2);
                            otherName[13] ^= 1;
                            byte[] right = ScriptedServer.address(question, 5);
                            byte[] half = new byte[right.length - 3];
                            System.arraycopy(right, 0, half, 0, half.length);
                            return List.of(otherId, otherName, question, half, right);
                        }));
        NameServer server = server(settings(false, true, PATIENT), machine);
        assertThat(Questions.ask(of(server), "elsewhere.example.", DnsMessage.A).answers())
                .containsExactly("elsewhere.example. 1 60 10.0.0.5");
    }

    @Test
    void theNextServerIsAskedWhereOneIsSilent() throws Exception {
        ScriptedServer silent = opened(ScriptedServer.silent());
        ScriptedServer machine = opened(ScriptedServer.giving(7));
        NameServer server =
                server(settings(false, true, Duration.ofSeconds(1)), silent, machine, silent);
        for (int i = 0; i < 6; i++) {
            assertThat(Questions.ask(of(server), "elsewhere.example.", DnsMessage.A).answers())
                    .containsExactly("elsewhere.example. 1 60 10.0.0.7");
        }
        NameServer parallel = server(settings(true, true, PATIENT), silent, machine);
        long began = System.nanoTime();
        assertThat(Questions.ask(of(parallel), "elsewhere.example.", DnsMessage.A).answers())
                .containsExactly("elsewhere.example. 1 60 10.0.0.7");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENT.dividedBy(2));
    }

    @Test
    void nobodyAnswersSoItFails() throws Exception {
        ScriptedServer silent = opened(ScriptedServer.silent());
        for (boolean parallel : List.of(true, false)) {
            NameServer server =
                    server(settings(parallel, true, Duration.ofMillis(100)), silent, silent);
            Reply failed = Questions.ask(of(server), "elsewhere.example.", DnsMessage.A);
            assertThat(failed.rcode()).isEqualTo(DnsFlags.SERVFAIL);
            assertThat(failed.questions()).isEqualTo(1);
        }
        assertThat(metrics.print()).contains("istio_agent_dns_upstream_failures_total 2");
    }

    @Test
    void anAnswerIsAsLongAsTheClientTakesIt() throws Exception {
        NameServer server = server(settings(false, false, PATIENT));
        server.accept(table());
        byte[] plain = Questions.question(1, "many.test.", DnsMessage.A, 0);
        byte[] small = Questions.exchange(of(server), plain);
        assertThat(small).hasSizeLessThanOrEqualTo(512).hasSizeGreaterThan(512 - 17);
        assertThat(Reply.parse(small).truncated()).isTrue();
        // 12 and 15 bytes of header and question, 16 of each record.
        assertThat(Reply.parse(small).answers()).hasSize((512 - 27) / 16);
        byte[] larger =
                Questions.exchange(
                        of(server), Questions.question(1, "many.test.", DnsMessage.A, 1232));
        assertThat(Reply.parse(larger).answers()).hasSize((1232 - 27) / 16);
        assertThat(Reply.parse(larger).extras()).isZero();
        byte[] tiny =
                Questions.exchange(
                        of(server), Questions.question(1, "many.test.", DnsMessage.A, 100));
        assertThat(tiny).hasSize(small.length);
        Reply whole = Reply.parse(Questions.exchangeByTcp(of(server), plain));
        assertThat(whole.truncated()).isFalse();
        assertThat(whole.answers()).hasSize(200).doesNotHaveDuplicates();
        Reply again = Reply.parse(Questions.exchangeByTcp(of(server), plain));
        assertThat(again.answers()).isNotEqualTo(whole.answers());
    }

    @Test
    void aConnectionEndsWhenItIsQuietOrHasAskedEnough() throws Exception {
        quietMillis = 1500;
        NameServer server = server(settings(false, false, PATIENT));
        server.accept(table());
        InetSocketAddress address = of(server);
        byte[] question = Questions.question(1, "echo.test.", DnsMessage.A, 0);
        try (Socket quiet = new Socket(address.getAddress(), address.getPort());
                Socket busy = new Socket(address.getAddress(), address.getPort())) {
            quiet.setSoTimeout(10_000);
            busy.setSoTimeout(10_000);
            for (int i = 0; i < ConnectionHandler.MOST_QUESTIONS; i++) {
                assertThat(Reply.parse(Questions.on(busy, question)).answers()).hasSize(1);
            }
            assertThat(busy.getInputStream().read()).isEqualTo(-1);
            assertThat(quiet.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void soManyConnectionsAndNoMore() throws Exception {
        NameServer server = server(settings(false, false, PATIENT));
        server.accept(table());
        InetSocketAddress address = of(server);
        byte[] question = Questions.question(1, "echo.test.", DnsMessage.A, 0);
        List<Socket> sockets = new ArrayList<>();
        int ended = 0;
        try {
            for (int i = 0; i < NameServer.MOST_CONNECTIONS + 20; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                socket.setSoTimeout(10_000);
                sockets.add(socket);
            }
            ended = sockets.getLast().getInputStream().read();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(ended).isEqualTo(-1);
        assertThat(Reply.parse(Questions.exchange(address, question)).answers()).hasSize(1);
    }
}

package dev.attache.agent.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where names are served, and that answers come from where they were asked. */
final class NameAddressesTest {

    private static final List<String> BOTH = List.of("10.0.0.1", "2001:db8::1");

    private static NameServer server(InetSocketAddress own, ScriptedServer... machine)
            throws IOException {
        return server(own, List.of(machine).stream().map(ScriptedServer::address).toList());
    }

    private static NameServer server(InetSocketAddress own, List<InetSocketAddress> machine)
            throws IOException {
        NameServer server =
                NameServer.start(
                        new NameServerSettings(
                                "localhost:0",
                                "shop",
                                "shop.svc.cluster.local",
                                false,
                                Duration.ofSeconds(10),
                                Path.of("/nowhere"),
                                false),
                        new ResolvConf(List.of(), List.of()),
                        List.of(own),
                        machine,
                        new AgentMetrics(),
                        NameServer.QUIET_MILLIS);
        server.accept(new NameTable(Map.of("echo.test", NameTable.Host.of("240.10.0.1"))));
        return server;
    }

    @Test
    void atAllAddressesAnAnswerComesFromTheOneThatWasAsked() throws Exception {
        try (ScriptedServer machine = ScriptedServer.giving(7);
                NameServer server = server(new InetSocketAddress(0), machine)) {
            for (String address : List.of("127.0.0.1", "127.0.0.7", "127.3.2.1", "::1")) {
                bothAnswer(address, server.addresses().getFirst().getPort());
            }
        }
    }

    @Test
    void oneAddressOfEitherFamily() throws Exception {
        for (String address : List.of("127.0.0.9", "::1")) {
            try (ScriptedServer machine = ScriptedServer.giving(7);
                    NameServer server = server(new InetSocketAddress(address, 0), machine)) {
                bothAnswer(address, server.addresses().getFirst().getPort());
            }
        }
    }

    private static void bothAnswer(String address, int port) throws IOException {
        InetSocketAddress asked = new InetSocketAddress(address, port);
        assertThat(Questions.ask(asked, "echo.test.", DnsMessage.A).answers())
                .as(address)
                .containsExactly("echo.test. 1 30 240.10.0.1");
        assertThat(Questions.ask(asked, "elsewhere.example.", DnsMessage.A).answers())
                .as(address)
                .containsExactly("elsewhere.example. 1 60 10.0.0.7");
        byte[] question = Questions.question(2, "echo.test.", DnsMessage.A, 0);
        assertThat(Reply.parse(Questions.exchangeByTcp(asked, question)).answers()).hasSize(1);
    }

    @Test
    void whatIsTakenIsToldAndWhatEndedIsFree() throws Exception {
        int port;
        try (NameServer server = server(new InetSocketAddress(0))) {
            port = server.addresses().getFirst().getPort();
            assertThatThrownBy(() -> server(new InetSocketAddress(port)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("port %d at all addresses: bind: Address already in use", port);
        }
        try (NameServer again = server(new InetSocketAddress(port))) {
            bothAnswerTheMesh(again);
        }
    }

    private static void bothAnswerTheMesh(NameServer server) throws IOException {
        InetSocketAddress asked =
                new InetSocketAddress("127.0.0.5", server.addresses().getFirst().getPort());
        assertThat(Questions.ask(asked, "echo.test.", DnsMessage.A).answers()).hasSize(1);
    }

    /** As where interception sends the agent's own questions back to it. */
    @Test
    void aQuestionThatComesBackIsNotAskedAgain() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        InetSocketAddress itself = new InetSocketAddress("127.0.0.1", port);
        try (NameServer server = server(new InetSocketAddress(port), List.of(itself))) {
            assertThat(Questions.ask(itself, "elsewhere.example.", DnsMessage.A).rcode())
                    .isEqualTo(DnsFlags.SERVFAIL);
            assertThat(server.state().requests()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNoQuestionDoesNoHarmThere() throws Exception {
        try (NameServer server = server(new InetSocketAddress(0))) {
            InetSocketAddress asked =
                    new InetSocketAddress("127.0.0.5", server.addresses().getFirst().getPort());
            byte[] question = Questions.question(2, "echo.test.", DnsMessage.A, 0);
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int length = 0; length < question.length; length++) {
                    socket.send(new DatagramPacket(question, length, asked));
                }
                socket.send(new DatagramPacket(new byte[20_000], 20_000, asked));
            }
            assertThat(Questions.ask(asked, "echo.test.", DnsMessage.A).answers()).hasSize(1);
        }
    }

    @Test
    void aTextMeansAddresses() throws Exception {
        assertThat(ListenAddresses.of("localhost:5", List.of("10.0.0.1")))
                .containsExactly(new InetSocketAddress("127.0.0.1", 5));
        assertThat(ListenAddresses.of("localhost:5", List.of("2001:db8::1")))
                .containsExactly(new InetSocketAddress("::1", 5));
        assertThat(ListenAddresses.of("localhost:5", BOTH))
                .containsExactly(
                        new InetSocketAddress("127.0.0.1", 5), new InetSocketAddress("::1", 5));
        for (String all : List.of(":5", "0.0.0.0:5", "[::]:5")) {
            assertThat(ListenAddresses.of(all, BOTH).getFirst().getAddress().isAnyLocalAddress())
                    .isTrue();
        }
    }

    /** Asking itself would never end. */
    @Test
    void itselfIsNotAsked() throws Exception {
        InetSocketAddress other = new InetSocketAddress("192.0.2.1", 53);
        List<InetSocketAddress> everywhere = List.of(new InetSocketAddress(53));
        assertThat(ListenAddresses.others(List.of("127.0.0.1", "::1", "192.0.2.1"), everywhere))
                .containsExactly(other);
        InetAddress own = ownAddress();
        assertThat(ListenAddresses.others(List.of(own.getHostAddress()), everywhere)).isEmpty();
        assertThat(
                        ListenAddresses.others(
                                List.of("127.0.0.1", "127.0.0.2", "192.0.2.1"),
                                List.of(new InetSocketAddress("127.0.0.1", 53))))
                .containsExactly(new InetSocketAddress("127.0.0.2", 53), other);
        assertThat(
                        ListenAddresses.others(
                                List.of("127.0.0.1"),
                                List.of(new InetSocketAddress("127.0.0.1", 15053))))
                .hasSize(1);
    }

    /** One of this machine, of a network where it has one. */
    private static InetAddress ownAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress())
                .sorted(Comparator.comparing(InetAddress::isLoopbackAddress))
                .findFirst()
                .orElseThrow();
    }
}

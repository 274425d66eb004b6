package dev.attache.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no questions: they cost nothing, and questions are answered after them. */
final class MalformedTest {

    private static final int MANY = 10_000;
    private static final NameTable TABLE =
            new NameTable(Map.of("echo.test", NameTable.Host.of("240.10.0.1")));

    static Stream<byte[]> messages() {
        byte[] question = Questions.question(1, "echo.test.", DnsMessage.A, 1232);
        return Stream.of(question, ScriptedServer.address(question, 1), loop());
    }

    /** A name that goes on where it began. */
    private static byte[] loop() {
        byte[] bytes = Questions.question(1, "echo.test.", DnsMessage.A, 0);
        bytes[17] = (byte) 0xc0;
        bytes[18] = 12;
        return bytes;
    }

    /** What is read ends within its bytes; what is answered can be read. */
    @Tag("wire")
    @MethodSource("messages")
    @FuzzTest
    void isReadOrNot(byte[] bytes) {
        DnsMessage message = DnsMessage.read(bytes);
        if (message == null) {
            return;
        }
        assertThat(message.end()).isBetween(DnsMessage.HEADER, bytes.length);
        if (message.hasQuestion()) {
            List<byte[]> labels = DnsName.labels(message.name());
            assertThat(labels).isNotNull();
            assertThat(DnsName.length(labels)).isLessThanOrEqualTo(255);
            LookupTable table =
                    LookupTable.of(TABLE, Placement.of("shop", "svc"), List.of("search"));
            List<DnsRecord> known = table.lookup(DnsMessage.A, DnsName.lower(message.name()));
            byte[] answer = AnswerWriter.answer(message, known == null ? List.of() : known, 512);
            DnsMessage read = DnsMessage.read(answer);
            assertThat(read).isNotNull();
            assertThat(read.answers(message, message.id())).isTrue();
        }
    }

    @Test
    void manyOfThemAreReadOrNot() {
        Random random = new Random(11);
        List<byte[]> good = messages().toList();
        for (int i = 0; i < 10 * MANY; i++) {
            isReadOrNot(broken(good.get(i % good.size()), random));
        }
    }

    @Test
    void aNameGoesBackOnly() {
        assertThat(DnsMessage.read(loop())).isNull();
    }

    @Test
    void tenThousandOfThemCostNothing() throws Exception {
        NameServerSettings settings =
                new NameServerSettings(
                        "localhost:0",
                        "shop",
                        "shop.svc.cluster.local",
                        false,
                        Duration.ofMillis(50),
                        Path.of("/nowhere"),
                        false);
        try (ScriptedServer silent = ScriptedServer.silent();
                NameServer server =
                        NameServer.start(
                                settings,
                                new ResolvConf(List.of(), List.of()),
                                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                                List.of(silent.address()),
                                new AgentMetrics(),
                                300)) {
            server.accept(TABLE);
            InetSocketAddress address = server.addresses().getFirst();
            assertAnswered(address);
            int threads = Thread.activeCount();
            send(address, new Random(7));
            assertAnswered(address);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        }
    }

    private static void assertAnswered(InetSocketAddress address) throws IOException {
        assertThat(Questions.ask(address, "echo.test.", DnsMessage.A).answers())
                .containsExactly("echo.test. 1 30 240.10.0.1");
        byte[] question = Questions.question(1, "echo.test.", DnsMessage.A, 0);
        assertThat(Reply.parse(Questions.exchangeByTcp(address, question)).answers()).hasSize(1);
    }

    private static void send(InetSocketAddress address, Random random) throws IOException {
        List<byte[]> good = messages().toList();
        try (DatagramSocket socket = new DatagramSocket();
                Socket connection = new Socket(address.getAddress(), address.getPort())) {
            connection.setSoTimeout(10_000);
            OutputStream out = connection.getOutputStream();
            for (int i = 0; i < MANY; i++) {
                byte[] bytes = broken(good.get(i % good.size()), random);
                socket.send(new DatagramPacket(bytes, bytes.length, address));
                if (i % 100 == 0) {
                    // Every one is taken before more come, so that all are seen.
                    assertThat(Questions.ask(address, "echo.test.", DnsMessage.A).answers())
                            .hasSize(1);
                }
                if (i < ConnectionHandler.MOST_QUESTIONS / 2) {
                    out.write(bytes.length >> 8);
                    out.write(bytes.length);
                    out.write(bytes);
                }
            }
        }
    }

    private static byte[] broken(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 20));
        for (int i = random.nextInt(1, 6); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}

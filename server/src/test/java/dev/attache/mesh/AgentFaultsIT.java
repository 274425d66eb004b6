package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.conformance.PeerProcess;
import dev.attache.interception.Space;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.netty.handler.codec.dns.DnsRecordType;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One process, agent and proxy: the control plane, the authority and the application's metrics take
 * connections and say nothing, names are asked for that have not come or that nobody answers.
 * Requests go through the proxy all the while.
 */
@Tag("conformance")
final class AgentFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 4000;

    @TempDir static Path directory;

    private static final String TABLE = "type.googleapis.com/istio.networking.nds.v1.NameTable";

    private final LoneAgent lone = new LoneAgent();

    @Test
    void whatHangsOfTheAgentStopsNoRequest() throws Exception {
        Path home = Files.createDirectories(directory.resolve("home"));
        try (Mute controlPlane = new Mute();
                Mute authority = new Mute();
                Mute application = new Mute()) {
            Map<String, String> environment =
                    lone.environment(home, controlPlane.port(), authority.port());
            environment.put(
                    "ISTIO_PROMETHEUS_ANNOTATIONS",
                    "{\"scrape\":\"true\",\"path\":\"/metrics\",\"port\":\"%d\"}"
                            .formatted(application.port()));
            try (PeerProcess agent =
                    PeerProcess.start(home, environment, AgentPod.ours("sidecar"))) {
                await(agent, lone::serves);
                await(agent, () -> controlPlane.taken() > 0);
                await(agent, () -> authority.taken() > 0);

                AtomicInteger scrapes = new AtomicInteger();
                for (int i = 0; i < 30; i++) {
                    lone.client
                            .sendAsync(
                                    LoneAgent.request(lone.status, "/stats/prometheus"),
                                    BodyHandlers.discarding())
                            .thenRun(scrapes::incrementAndGet);
                }
                await(agent, () -> application.taken() >= 30);
                ask(lone.names, 200);
                allAreServed(REQUESTS);
                assertThat(scrapes).as("scrapes that the application let go").hasValue(0);
                assertThat(lone.get(lone.status, "/healthz/ready")).startsWith("503");
                assertThat(lone.get(lone.admin, "/server_info")).startsWith("200");
            }
        }
    }

    /** Not an agent without its proxy, nor the other way round. */
    @Test
    void anExhaustedHeapEndsBothWithALine() throws Exception {
        Path home = Files.createDirectories(directory.resolve("tiny"));
        try (Mute nobody = new Mute()) {
            Map<String, String> tiny = lone.environment(home, nobody.port(), nobody.port());
            tiny.put("ATTACHE_JAVA_OPTIONS", "-Xms8m -Xmn4m -Xmx8m");
            try (PeerProcess agent = PeerProcess.start(home, tiny, AgentPod.ours("sidecar"))) {
                assertThat(agent.await(PATIENCE)).as("%s", agent.log()).isEqualTo(3);
                assertThat(agent.log()).contains("java.lang.OutOfMemoryError: Java heap space");
            }
        }
    }

    /** With as many questions under way as there may be, by UDP and TCP, and some beyond. */
    @Test
    void aNameServerThatHangsStopsNoRequestAndNoNameOfTheMesh() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        String address =
                "127.%d.%d.53"
                        .formatted(
                                ThreadLocalRandom.current().nextInt(2, 250),
                                ThreadLocalRandom.current().nextInt(250));
        Path home = Files.createDirectories(directory.resolve("names"));
        Path servers =
                Files.writeString(home.resolve("resolv.conf"), "nameserver " + address + "\n");
        try (Mute machine = new Mute(InetAddress.getByName(address), 53);
                DatagramSocket datagrams = new DatagramSocket(new InetSocketAddress(address, 53));
                Mute authority = new Mute();
                ScriptedControlPlane control = new ScriptedControlPlane()) {
            Map<String, String> environment =
                    lone.environment(home, control.port(), authority.port());
            environment.put("DNS_FORWARD_TIMEOUT", "600s");
            try (PeerProcess agent =
                    PeerProcess.start(
                            home,
                            environment,
                            AgentPod.withNameServers(servers, AgentPod.ours("sidecar")))) {
                await(agent, lone::serves);
                NameQuestions names = new NameQuestions(lone.names);
                assertThat(names.ask("echo.test.", "A", 0, false)).contains("ServFail");
                allAreServed(REQUESTS / 4);
                giveNames(control);
                await(agent, () -> answers(names, "echo.test.", false));
                try (Hanging questions = new Hanging(lone.names, 30)) {
                    await(agent, () -> machine.taken() >= 30);
                    await(agent, () -> failures(questions) > 0);
                    for (int i = 0; i < 100; i++) {
                        assertThat(answers(names, "echo.test.", i % 2 == 0)).isTrue();
                        allAreServed(REQUESTS / 100);
                    }
                }
                datagrams.setSoTimeout(1000);
                datagrams.receive(new DatagramPacket(new byte[512], 512));
                assertThat(lone.get(lone.status, "/stats/prometheus"))
                        .contains("\nistio_agent_dns_upstream_request_duration_seconds_count 0");
            }
        }
    }

    /** Some more are asked; how many have been refused. */
    private double failures(Hanging questions) {
        questions.more();
        return lone.get(lone.status, "/stats/prometheus")
                .lines()
                .filter(line -> line.startsWith("istio_agent_dns_upstream_failures_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static void giveNames(ScriptedControlPlane control) throws InterruptedException {
        String asked = "";
        while (!asked.contains(TABLE)) {
            asked = control.requests(1).getFirst();
            assertThat(asked).doesNotStartWith("asked null");
        }
        NameTableBytes table = new NameTableBytes();
        table.host("echo.test", List.of("240.10.0.1"), "External", "", "");
        control.send(
                DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(TABLE)
                        .setNonce("1")
                        .addResources(
                                Resource.newBuilder()
                                        .setName("names")
                                        .setResource(AgentRelayIT.any(TABLE, table.bytes())))
                        .build());
    }

    private static boolean answers(NameQuestions names, String name, boolean tcp) {
        try {
            return names.ask(name, "A", 0, tcp).contains("f00a0001");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(PeerProcess agent, BooleanSupplier there)
            throws IOException, InterruptedException {
        assertThat(PeerProcess.eventually(PATIENCE, there)).as("%s", agent.log()).isTrue();
    }

    private void allAreServed(int count) {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String answer = lone.get(lone.served, "/");
            if (!answer.equals("200 served")) {
                others.add(answer);
            }
        }
        assertThat(others).isEmpty();
    }

    /** Questions that nobody answers, on connections that stay. */
    private static final class Hanging implements AutoCloseable {
        private final int port;
        private final List<Socket> sockets = new ArrayList<>();

        Hanging(int port, int connections) throws IOException {
            this.port = port;
            byte[] question = NameQuestions.question("other.example.", DnsRecordType.A, 0);
            for (int i = 0; i < connections; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(socket);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(question.length);
                out.write(question);
                out.flush();
            }
        }

        /** Some by UDP. */
        void more() {
            try {
                ask(port, 200);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Questions for names that the mesh does not have, whose answers nobody waits for. */
    private static void ask(int port, int count) throws IOException {
        byte[] question = {
            0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 'o', 't', 'h', 'e', 'r', 4, 't', 'e', 's', 't',
            0, 0, 16, 0, 1
        };
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
                question[0] = (byte) i;
                socket.send(
                        new DatagramPacket(
                                question, question.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }

    /** Takes connections and says nothing. */
    private static final class Mute implements AutoCloseable {
        private final ServerSocket listening;
        private final Queue<Socket> taken = new ConcurrentLinkedQueue<>();

        Mute() throws IOException {
            this(InetAddress.getLoopbackAddress(), 0);
        }

        Mute(InetAddress address, int port) throws IOException {
            listening = new ServerSocket(port, 1000, address);
            Thread.ofVirtual().start(this::take);
        }

        private void take() {
            try {
                while (true) {
                    taken.add(listening.accept());
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        }

        int port() {
            return listening.getLocalPort();
        }

        int taken() {
            return taken.size();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }
}

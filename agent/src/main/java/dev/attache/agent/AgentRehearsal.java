package dev.attache.agent;

import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The run that the agent's AOT cache is recorded from: the proxy's own rehearsal, then an agent
 * with a proxy in its process, whose control plane refuses connections. Loopback only, ports chosen
 * by the system; some seconds.
 */
public final class AgentRehearsal {

    private static final Duration RUN = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final String BOOTSTRAP = "rehearsal.json";

    private AgentRehearsal() {}

    public static void main(String[] arguments)
            throws IOException, StartupException, InterruptedException {
        Rehearsal.main(arguments);
        Path directory = Files.createTempDirectory("attache-agent-rehearsal");
        try {
            run(directory);
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        // The proxy of an agent is ended with its process.
        ProcessExit.now(ProcessExit.DONE);
    }

    private static void run(Path directory) throws IOException, InterruptedException {
        Path bootstrap = directory.resolve(BOOTSTRAP);
        try (InputStream in = AgentRehearsal.class.getResourceAsStream(BOOTSTRAP)) {
            if (in == null) {
                throw new IOException(BOOTSTRAP + " is missing beside " + AgentRehearsal.class);
            }
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            Files.writeString(bootstrap, text.replace("DIRECTORY", directory.toString()));
        }
        int port = freePort();
        ProxyConfig config =
                ProxyConfig.defaults()
                        .with("statusPort", port)
                        .with("configPath", directory.toString())
                        .with("controlPlaneAuthPolicy", "NONE")
                        .with("discoveryAddress", "127.0.0.1:1");
        AgentPlan plan =
                new AgentPlan(
                        new Environment(Map.of("CA_ADDR", "127.0.0.1:15010", "POD_NAMESPACE", "n")),
                        new AgentFiles(directory),
                        config,
                        "sidecar",
                        "sidecar~127.0.0.1~a.n~n.svc.cluster.local",
                        "n.svc.cluster.local",
                        List.of("127.0.0.1"),
                        bootstrap,
                        null,
                        new ProxyCommand(
                                Path.of("none"),
                                List.of("-c", bootstrap.toString(), "--concurrency", "1"),
                                Map.of(),
                                false),
                        false,
                        true);
        try (Agent agent = new Agent(plan)) {
            Thread asking = Thread.ofPlatform().start(() -> ask(agent, port));
            agent.run();
            asking.join();
        }
    }

    /** What kubelet and Prometheus ask; then the end. */
    private static void ask(Agent agent, int port) {
        long end = System.nanoTime() + RUN.toNanos();
        int answers = 0;
        while (System.nanoTime() < end) {
            for (String path : List.of("/healthz/ready", "/stats/prometheus", "/app-health/a/b")) {
                answers += answered(port, path) ? 1 : 0;
            }
        }
        agent.shutdown(answers + " answers");
    }

    private static boolean answered(int port, String path) {
        try (HttpReply reply = HttpCall.get("127.0.0.1", port, path).send(Deadline.in(LIMIT))) {
            return !reply.text().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

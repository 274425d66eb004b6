package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A machine that {@code attache onboard} prepares in a directory, on the loopback and without
 * interception, for an istiod that really answers; and the agent that starts there. One thread.
 */
final class OnboardedImage {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SigningIstiod istiod;
    private final Path directory;
    private final Path image;
    private final int status = Ports.free();
    private final int admin = Ports.free();
    private final List<String> words;

    /**
     * @param directory for its files
     * @param credentials flags by which the machine shows who it is, and the root it trusts
     */
    OnboardedImage(SigningIstiod istiod, Path directory, String account, List<String> credentials)
            throws IOException {
        this.istiod = istiod;
        this.directory = Files.createDirectories(directory);
        this.image = Files.createDirectories(directory.resolve("image"));
        Path given = Files.createDirectories(directory.resolve("given"));
        Map<String, Object> config =
                Map.of(
                        "statusPort", status,
                        "proxyAdminPort", admin,
                        "terminationDrainDuration", "1s");
        Files.writeString(
                given.resolve("mesh.yaml"), Tree.json(Map.of("defaultConfig", config), false));
        words =
                new ArrayList<>(
                        List.of(
                                Peers.subject().toString(),
                                "agent",
                                "onboard",
                                "--root=" + image,
                                "--from=" + given,
                                "--address=localhost:" + istiod.secure(),
                                "--namespace=default",
                                "--service-account=" + account,
                                "--group=vm",
                                "--ip=127.0.0.1",
                                "--no-interception",
                                "--dns-capture=false",
                                "--env=ENVOY_STATUS_PORT=" + Ports.free(),
                                "--env=ENVOY_PROMETHEUS_PORT=" + Ports.free()));
        words.addAll(credentials);
    }

    /** One that was written. */
    Path file(String path) {
        return image.resolve(path);
    }

    private String run(int code, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words);
        command.addAll(List.of(more));
        try (PeerProcess onboard = PeerProcess.start(directory, Map.of(), command)) {
            int ended = onboard.await(PATIENCE);
            assertThat(ended).as("%s\n%s", onboard.log(), istiod.log()).isEqualTo(code);
            return onboard.log();
        }
    }

    /** A flag that makes it impossible: what is wrong is said with its remedy, nothing is done. */
    void refuses(int code, String what, String remedy, String flag)
            throws IOException, InterruptedException {
        String said = run(code, flag);
        assertThat(said).contains("WRONG ", what, "what to do: ");
        assertThat(said.substring(said.indexOf("what to do: "))).contains(remedy);
        assertThat(image).isEmptyDirectory();
    }

    /** All checks pass, the files are written. */
    String onboarded(String... more) throws IOException, InterruptedException {
        String said = run(0, more);
        assertThat(said).contains("first configuration");
        return said;
    }

    /**
     * The agent with its proxy starts by the files that are there and becomes ready.
     *
     * @return its report and the proxy's certificates
     */
    String started() throws IOException, InterruptedException {
        List<String> start = List.of(Peers.subject().toString(), "agent", "start", "run");
        Map<String, String> user = Map.of("EXEC_USER", System.getProperty("user.name", "root"));
        try (PeerProcess agent = PeerProcess.start(image, user, start)) {
            boolean ready =
                    PeerProcess.eventually(
                            PATIENCE,
                            () -> AgentCalls.get(status, "/healthz/ready").startsWith("200"));
            assertThat(ready).as("%s\n%s", agent.log(), istiod.log()).isTrue();
            return AgentCalls.get(status, "/debug/agent") + AgentCalls.get(admin, "/certs");
        }
    }
}

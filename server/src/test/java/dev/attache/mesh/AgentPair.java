package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An agent with its proxy as a sidecar, each of either house, on the loopback and without
 * interception. Its certificate is replaced every four seconds and holds for a minute, so that no
 * pause of a busy machine lets one expire.
 */
final class AgentPair implements AutoCloseable {
    private final String name;
    private final Path home;
    private final int status = Ports.free();
    private final int health = Ports.free();
    private final int admin = Ports.free();
    private final ProcessBuilder command;
    private Process process;
    private @Nullable ProcessHandle proxy;

    /**
     * Starts it, without waiting for it.
     *
     * @param name the workload's, and its service account's
     * @param address the workload's
     * @param application the port whose {@code /hello} is the application's probe
     * @param binary the proxy's program
     * @param program the agent's program with what comes before {@code proxy}, and after it
     */
    AgentPair(
            Path directory,
            String name,
            String address,
            SigningIstiod istiod,
            int application,
            Path binary,
            List<String> program)
            throws IOException {
        this.name = name;
        home = Files.createDirectories(directory.resolve(name));
        istiod.trust(home);
        istiod.token(home, name, Duration.ofHours(1));
        Files.createDirectories(home.resolve("out"));
        AgentPod.describe(home, Map.of("app", name));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("discoveryAddress", "localhost:" + istiod.secure());
        config.put("statusPort", status);
        config.put("proxyAdminPort", admin);
        config.put("binaryPath", binary.toString());
        config.put("concurrency", 1);
        config.put("terminationDrainDuration", "8s");
        ProcessBuilder builder = new ProcessBuilder(program).directory(home.toFile());
        Map<String, String> variables = builder.environment();
        variables.putAll(AgentPod.environment(name, "default", address));
        variables.put("ISTIO_META_INTERCEPTION_MODE", "NONE");
        variables.putAll(
                Map.of(
                        "ENVOY_STATUS_PORT", String.valueOf(health),
                        "ENVOY_PROMETHEUS_PORT", String.valueOf(Ports.free()),
                        "SECRET_TTL", "60s",
                        "SECRET_GRACE_PERIOD_RATIO", "0.93",
                        "OUTPUT_CERTS", "out",
                        "ISTIO_KUBE_APP_PROBERS",
                                "{\"/app-health/app/readyz\":{\"httpGet\":{\"path\":\"/hello\",\"port\":%d}}}"
                                        .formatted(application),
                        "PROXY_CONFIG", Tree.json(config, false)));
        this.command =
                builder.redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        home.resolve("agent.log").toFile()));
        process = this.command.start();
    }

    /** Starts it again, as it was started, in what is left there. */
    void again() throws IOException {
        process = command.start();
    }

    /** Kills the agent; the proxy with it where they are one process. */
    void kill() throws InterruptedException {
        proxy = process.children().findFirst().orElse(null);
        process.destroyForcibly().waitFor();
    }

    /** Kills the proxy, where it is a process of its own. */
    void killProxy() {
        process.children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether the proxy is there whose agent was killed. */
    boolean orphaned() {
        return proxy != null && proxy.isAlive() && !awaitsItsParent(proxy);
    }

    /** Whether it has ended and only its number is there, which who took it over clears away. */
    private static boolean awaitsItsParent(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return true;
        }
    }

    /** Ends that one. */
    void endOrphan() throws InterruptedException {
        if (proxy != null) {
            proxy.destroyForcibly();
            assertThat(PeerProcess.eventually(Duration.ofSeconds(10), () -> !orphaned())).isTrue();
        }
    }

    /** Its directory. */
    Path home() {
        return home;
    }

    /** The proxy's administration port. */
    int admin() {
        return admin;
    }

    String name() {
        return name;
    }

    /** The port that the agent answers probes at. */
    int status() {
        return status;
    }

    /** The port that the proxy answers for. */
    int health() {
        return health;
    }

    boolean ready() {
        return AgentCalls.get(status, "/healthz/ready").startsWith("200")
                && AgentCalls.get(health, "/healthz/ready").startsWith("200");
    }

    /** The certificate that it has now. */
    String chain() {
        try {
            Path chain = home.resolve("out/cert-chain.pem");
            return Files.exists(chain) ? Files.readString(chain) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    boolean lives() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** How it ended; -1 where it did not. */
    int ended(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    /** What it made for its proxy and left. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        for (String file :
                List.of(
                        "etc/istio/proxy/envoy-rev.json",
                        "etc/istio/proxy/XDS",
                        "var/run/secrets/workload-spiffe-uds/socket")) {
            if (Files.exists(home.resolve(file))) {
                left.add(file);
            }
        }
        return left;
    }

    String log() {
        try {
            return name
                    + ":\n"
                    + Files.readString(home.resolve("agent.log"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Its proxy ends with it, also where it is a process of its own. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        if (proxy != null) {
            proxy.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}

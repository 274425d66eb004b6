package dev.attache.mesh;

import dev.attache.conformance.Tree;
import dev.attache.interception.Player;
import dev.attache.interception.Space;
import dev.attache.interception.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a mesh in a space of its own: an application, and at times an agent with its proxy, at
 * the ports that they have in a cluster. The control plane is asked by its name, which the pod
 * finds in {@code /etc/hosts}.
 */
final class SidecarPod implements AutoCloseable {
    private static final String ISTIOD = "istiod.istio-system.svc";
    private static final int STATUS = 15020;
    private static final int ADMIN = 15000;
    private static final int SECONDS_TO_END = 30;

    private final String name;
    private final Space space;
    private final Path directory;
    private final SigningIstiod istiod;
    private final Player application;
    private @Nullable Process agent;
    private Path home;

    /**
     * Takes over the space and starts the application.
     *
     * @param name the workload's, its service account's and its label {@code app}
     * @param directory its own
     * @param control the control plane's address
     */
    SidecarPod(String name, Space space, Path directory, SigningIstiod istiod, String control)
            throws IOException {
        this.name = name;
        this.space = space;
        this.directory = directory;
        this.home = directory;
        this.istiod = istiod;
        space.etc(
                "hosts", "127.0.0.1 localhost\n::1 localhost\n%s %s\n".formatted(control, ISTIOD));
        application = space.play(1000, MeshActor.class.getName());
    }

    /** How an agent is started. */
    record Start(
            int uid,
            int gid,
            List<String> command,
            Map<String, String> variables,
            Map<String, Object> config,
            String annotations) {

        /** As a sidecar where traffic is intercepted in that way, in a process with its proxy. */
        static Start of(Way way) {
            return new Start(
                    way.uid(),
                    way.gid(),
                    AgentPod.ours("sidecar"),
                    Map.of(
                            "ISTIO_META_INTERCEPTION_MODE",
                            way == Way.TPROXY ? "TPROXY" : "REDIRECT"),
                    Map.of(),
                    "");
        }

        /** As another user. */
        Start as(int otherUid, int otherGid) {
            return new Start(otherUid, otherGid, command, variables, config, annotations);
        }

        /** With more flags. */
        Start flags(String... flags) {
            return new Start(
                    uid,
                    gid,
                    Stream.concat(command.stream(), Stream.of(flags)).toList(),
                    variables,
                    config,
                    annotations);
        }

        /** With a variable. */
        Start variable(String variable, String value) {
            Map<String, String> all = new LinkedHashMap<>(variables);
            all.put(variable, value);
            return new Start(uid, gid, command, all, config, annotations);
        }

        /** With a proxy of its own process. */
        Start separate(Path binary) {
            Map<String, Object> all = new LinkedHashMap<>(config);
            all.put("binaryPath", binary.toString());
            return new Start(uid, gid, command, variables, all, annotations).flags("--separate");
        }

        /** With annotations of the pod. */
        Start annotated(String text) {
            return new Start(uid, gid, command, variables, config, text);
        }
    }

    /** Has the application do something, see {@link MeshActor}. */
    String say(String line) {
        try {
            return application.say(line).translateEscapes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an agent in a folder of that name, without waiting for it. */
    void start(String folder, Start start) throws IOException {
        home = Files.createDirectories(directory.resolve(folder));
        istiod.trust(home);
        istiod.token(home, name, Duration.ofHours(1));
        AgentPod.describe(home, Map.of("app", name));
        Files.writeString(home.resolve("etc/istio/pod/annotations"), start.annotations());
        own(start.uid());
        Map<String, Object> config = new LinkedHashMap<>(start.config());
        config.put("discoveryAddress", ISTIOD + ":15012");
        config.put("concurrency", 1);
        config.put("terminationDrainDuration", "1s");
        List<String> program = new ArrayList<>(space.entering(start.uid(), start.gid()));
        program.addAll(start.command());
        ProcessBuilder builder = new ProcessBuilder(program).directory(home.toFile());
        builder.environment().putAll(AgentPod.environment(name, "default", ""));
        builder.environment().put("PROXY_CONFIG", Tree.json(config, false));
        builder.environment().putAll(start.variables());
        agent =
                builder.redirectErrorStream(true)
                        .redirectOutput(home.resolve("agent.log").toFile())
                        .start();
    }

    private void own(int uid) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", uid);
            }
        }
    }

    /** A page of the agent's status port, with its head. */
    String status(String path) {
        return say("http 127.0.0.1 " + STATUS + " GET " + path);
    }

    boolean ready() {
        return status("/healthz/ready").startsWith("HTTP/1.1 200");
    }

    /** The value of one of the agent's metrics, without labels; -1 where there is none. */
    long metric(String metric) {
        return status("/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    /** A file that the agent made or was given. */
    String file(String path) throws IOException {
        return Files.readString(home.resolve(path));
    }

    String log() {
        try {
            Path log = home.resolve("agent.log");
            return name
                    + ":\n"
                    + (Files.exists(log)
                            ? Files.readString(log, StandardCharsets.ISO_8859_1)
                            : "no agent");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What agent and proxy say of themselves, for a test that fails. */
    String fate() {
        StringBuilder all = new StringBuilder(log());
        for (String host : List.of("127.0.0.1", "::1")) {
            for (String page : List.of("/clusters", "/listeners", "/stats?usedonly&filter=fail")) {
                all.append(say("page " + host + " " + ADMIN + " " + page)).append('\n');
            }
        }
        return all.toString();
    }

    Space space() {
        return space;
    }

    /**
     * Ends the agent in order, and its proxy with it.
     *
     * @return its exit code; -1 where it had to be killed
     */
    int stop() throws IOException {
        Process running = agent;
        agent = null;
        if (running == null) {
            return 0;
        }
        running.destroy();
        try {
            if (running.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                return running.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ProcessHandle> children = running.descendants().toList();
        running.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        return -1;
    }

    @Override
    public void close() throws IOException {
        try (space) {
            stop();
        }
    }
}

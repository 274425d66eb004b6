package dev.attache.interception;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A pod of two processes, application and proxy, in a network namespace and a cgroup of its own,
 * with a cable to a second namespace, the world. Made by a test and removed by it.
 *
 * <pre>
 *   pod  eth0 10.21.0.2 fd21::2  --  10.21.0.1 fd21::1 eth0  world
 *        eth1 10.22.0.2 fd22::2  --  10.22.0.1 fd22::1 eth1
 * </pre>
 */
final class Pod implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String id =
            "rp" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    private final String pod = id + "-pod";
    private final String world = id + "-world";
    private static final Path PINS = Path.of("/sys/fs/bpf/attache");

    private final Path cgroup;
    private final Path directory;
    private final Deque<Process> processes = new ArrayDeque<>();

    private Pod(Path cgroups, Path directory) {
        this.cgroup = cgroups.resolve(id);
        this.directory = directory;
    }

    /** Returns why none can be made here, empty if one can. */
    static String obstacle() throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "network namespaces are Linux's";
        }
        if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
            return "not root";
        }
        for (String program : List.of("ip", "setpriv", "iptables", "ip6tables", "nft")) {
            if (Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
                    .noneMatch(at -> Files.isExecutable(Path.of(at, program)))) {
                return program + " is missing";
            }
        }
        return cgroups() == null ? "no cgroup hierarchy of version 2 is mounted" : "";
    }

    private static @org.jspecify.annotations.Nullable Path cgroups() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" ");
            if (fields[2].equals("cgroup2")) {
                return Path.of(fields[1]);
            }
        }
        return null;
    }

    static Pod make(Path directory) throws IOException {
        Path cgroups = cgroups();
        if (cgroups == null) {
            throw new IOException("no cgroup hierarchy");
        }
        Pod pod = new Pod(cgroups, directory);
        try {
            pod.cable();
            Files.createDirectories(pod.cgroup);
            return pod;
        } catch (IOException | RuntimeException e) {
            pod.close();
            throw e;
        }
    }

    private void cable() throws IOException {
        must("ip netns add " + pod);
        must("ip netns add " + world);
        for (String ns : List.of(pod, world)) {
            must("ip -n " + ns + " link set lo up");
        }
        for (int cable = 0; cable < 2; cable++) {
            String eth = "eth" + cable;
            must(
                    "ip -n %s link add %s type veth peer name %s netns %s"
                            .formatted(pod, eth, eth, world));
            for (String ns : List.of(pod, world)) {
                int host = ns.equals(pod) ? 2 : 1;
                must("ip -n %s addr add 10.2%d.0.%d/24 dev %s".formatted(ns, cable + 1, host, eth));
                must(
                        "ip -n %s addr add fd2%d::%d/64 dev %s nodad"
                                .formatted(ns, cable + 1, host, eth));
                must("ip -n %s link set %s addrgenmode none".formatted(ns, eth));
                must("ip -n %s link set %s up".formatted(ns, eth));
            }
        }
    }

    Path cgroup() {
        return cgroup;
    }

    Path directory() {
        return directory;
    }

    /** The pod's namespace as a path. */
    Path namespace() {
        return Path.of("/run/netns", pod);
    }

    /** What a command said and how it ended. */
    record Outcome(int code, String text) {}

    private static Outcome run(List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(process.waitFor(), text);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
    }

    private static void must(String command) throws IOException {
        Outcome outcome = run(List.of(command.split(" ")), Map.of());
        if (outcome.code() != 0) {
            throw new IOException(command + ": " + outcome.text());
        }
    }

    /** Runs a command in the pod's network namespace, as root and outside of its cgroup. */
    Outcome inNamespace(String command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", pod));
        all.addAll(List.of(command.split(" ")));
        return run(all, Map.of());
    }

    /** Runs Attache's interception command as the host's root, who names the pod's namespace. */
    Outcome intercept(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(java("dev.attache.iptables.InterceptionMain"));
        all.addAll(arguments);
        all.addAll(List.of("--network-namespace", namespace().toString()));
        return run(all, Map.of("ATTACHE_STATE_DIR", directory.resolve("state").toString()));
    }

    private static List<String> java(String main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main);
    }

    /** Starts a process in the pod, which may read what root may: classes, configuration. */
    Process start(int uid, int gid, Path log, String main, String... arguments) throws IOException {
        String script =
                "echo $$ > %s/cgroup.procs && exec ip netns exec %s setpriv --reuid=%d --regid=%d --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \"$@\""
                        .formatted(cgroup, pod, uid, gid);
        return start(List.of("sh", "-c", script, "sh"), log, main, arguments);
    }

    private Process start(List<String> launcher, Path log, String main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(java(main));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        processes.push(process);
        return process;
    }

    /** Starts the application, which is none of the proxy's users. */
    Player application() throws IOException {
        Path log = directory.resolve("application.log");
        return new Player(start(1000, 1000, log, Actor.class.getName()));
    }

    /** Starts a process in the world. */
    Player world() throws IOException {
        List<String> launcher = List.of("ip", "netns", "exec", world);
        Path log = directory.resolve("world.log");
        return new Player(start(launcher, log, Actor.class.getName()));
    }

    /** An actor as the test sees it. */
    static final class Player {
        private final BufferedReader in;
        private final PrintStream out;

        Player(Process process) throws IOException {
            this.in =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            if (!"ready".equals(in.readLine())) {
                throw new IOException("the actor did not start");
            }
        }

        String say(String command) throws IOException {
            out.println(command);
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("the actor ended at: " + command);
            }
            return answer;
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly();
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (Files.isDirectory(PINS.resolve(cgroup.getFileName()))) {
            intercept(List.of("intercept", "ebpf", "detach", "--cgroup", cgroup.toString()));
        }
        for (String ns : List.of(pod, world)) {
            if (Files.exists(Path.of("/run/netns", ns))) {
                must("ip netns del " + ns);
            }
        }
        Files.deleteIfExists(cgroup);
    }
}

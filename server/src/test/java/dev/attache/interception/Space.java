package dev.attache.interception;

import java.io.IOException;
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
 * A network namespace with a cgroup of its own, and the processes that a test runs in both. Closing
 * it ends them and removes both, with what was attached.
 */
public final class Space implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Path PINS = Path.of("/sys/fs/bpf/attache");

    private final String name;
    private final Path cgroup;
    private final Path directory;
    private final Deque<Process> processes = new ArrayDeque<>();
    private final List<String> cables = new ArrayList<>();

    private Space(String name, Path cgroup, Path directory) {
        this.name = name;
        this.cgroup = cgroup;
        this.directory = directory;
    }

    /** Returns why none can be made here, empty if one can. */
    public static String obstacle() throws IOException {
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

    /**
     * @param role a part of its name
     * @param directory for what its processes log, and what interception remembers
     */
    public static Space make(String role, Path directory) throws IOException {
        Path cgroups = cgroups();
        if (cgroups == null) {
            throw new IOException("no cgroup hierarchy");
        }
        String name =
                "rp%d-%d-%s"
                        .formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet(), role);
        Space space = new Space(name, cgroups.resolve(name), directory);
        try {
            must("ip netns add " + name);
            space.ip("link set lo up");
            Files.createDirectories(space.cgroup);
            return space;
        } catch (IOException | RuntimeException e) {
            space.close();
            throw e;
        }
    }

    /** Lays a cable to another; its ends have the same name, and no addresses yet. */
    public void cable(Space other, String ends) throws IOException {
        cable(other, ends, ends);
    }

    /** The same with a name for each end. */
    public void cable(Space other, String here, String there) throws IOException {
        ip("link add %s type veth peer name %s netns %s".formatted(here, there, other.name));
        cables.add(here);
    }

    /**
     * At once, while the kernel takes its time to end a namespace; some have ended with another.
     */
    private void unplug() throws IOException {
        for (String end : cables) {
            run(List.of("ip", "-n", name, "link", "del", end), Map.of());
        }
    }

    /** Gives one end of a cable its addresses, and opens it. */
    public void plug(String end, List<String> addresses) throws IOException {
        for (String address : addresses) {
            String unique = address.contains(":") ? " nodad" : "";
            ip("addr add " + address + " dev " + end + unique);
        }
        ip("link set " + end + " addrgenmode none");
        ip("link set " + end + " up");
    }

    /** Runs {@code ip} in the namespace. */
    public void ip(String command) throws IOException {
        must("ip -n " + name + " " + command);
    }

    /**
     * Gives what is started in here from now on a file of its own in place of one that the machine
     * has in {@code /etc}.
     */
    public void etc(String file, String content) throws IOException {
        Files.writeString(Files.createDirectories(own()).resolve(file), content);
    }

    private Path own() {
        return Path.of("/etc/netns", name);
    }

    /** The network namespace as a file. */
    public Path path() {
        return Path.of("/run/netns", name);
    }

    public Path cgroup() {
        return cgroup;
    }

    Path directory() {
        return directory;
    }

    /** What a command said and how it ended. */
    public record Outcome(int code, String text) {}

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

    /** Runs a command in the network namespace, as root and outside of the cgroup. */
    public Outcome inNamespace(String command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command.split(" ")));
        return run(all, Map.of());
    }

    /** Runs Attache's interception command as the host's root, who names the namespace. */
    Outcome intercept(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(java("dev.attache.iptables.InterceptionMain"));
        all.addAll(arguments);
        all.addAll(List.of("--network-namespace", "/run/netns/" + name));
        return run(all, Map.of("ATTACHE_STATE_DIR", directory.resolve("state").toString()));
    }

    /** The command of a Java program of this project. */
    static List<String> java(String main) {
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

    /**
     * What stands before a command so that it runs in here as a user who may read what root may:
     * classes, configuration.
     */
    public List<String> entering(int uid, int gid) {
        String script =
                "echo $$ > %s/cgroup.procs && exec ip netns exec %s setpriv --reuid=%d --regid=%d --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \"$@\""
                        .formatted(cgroup, name, uid, gid);
        return List.of("/bin/sh", "-c", script, "sh");
    }

    /** Starts a Java program in here, as {@link #entering} says. */
    Process start(int uid, int gid, Path log, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(entering(uid, gid));
        command.addAll(java(main));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        processes.push(process);
        return process;
    }

    /**
     * Starts what does as it is told.
     *
     * @param main says {@code ready}, and then a line to each line
     */
    public Player play(int user, String main) throws IOException {
        return new Player(start(user, user, directory.resolve(name + ".log"), main));
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
        if (Files.exists(path())) {
            unplug();
            must("ip netns del " + name);
        }
        if (Files.isDirectory(own())) {
            must("rm -r " + own());
        }
        Files.deleteIfExists(cgroup);
    }
}

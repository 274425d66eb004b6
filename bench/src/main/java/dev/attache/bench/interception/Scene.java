package dev.attache.bench.interception;

import dev.attache.iptables.InterceptionMain;
import dev.attache.iptables.ebpf.EbpfCommand;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A network namespace and a cgroup with application, proxy and server in it, intercepted one way.
 * Idle between its turns.
 */
final class Scene implements AutoCloseable {
    private static final int PROXY = 1337;
    private static final int APPLICATION = 1000;
    private static final int SERVER_PORT = 9000;
    private static final String TARGET = "198.51.100.1";

    private final Way way;
    private final String namespace;
    private final Path cgroup;
    private final List<Process> processes = new ArrayList<>();
    private final BufferedReader fromClient;
    private final PrintStream toClient;

    private Scene(Way way, Path cgroups) throws IOException {
        this.way = way;
        this.namespace = "bench-" + ProcessHandle.current().pid() + "-" + way.ordinal();
        this.cgroup = Files.createDirectory(cgroups.resolve(namespace));
        shell("ip netns add " + namespace);
        inside("link set lo up");
        inside("link add eth0 type veth peer name eth1");
        inside("addr add 10.99.0.2/24 dev eth0");
        inside("link set eth0 up");
        inside("link set eth1 up");
        inside("route add default via 10.99.0.1 dev eth0");
        install();
        start(0, "server", Integer.toString(SERVER_PORT));
        start(PROXY, "relay", "15001", Integer.toString(SERVER_PORT));
        Process client = start(APPLICATION, "client", TARGET, "80");
        this.fromClient =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        this.toClient = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8);
        awaitListeners();
    }

    static Scene of(Way way, Path cgroups) throws IOException {
        return new Scene(way, cgroups);
    }

    private void inside(String arguments) throws IOException {
        shell("ip -n " + namespace + " " + arguments);
    }

    private static String shell(String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (await(process) != 0) {
            throw new IOException(command + ": " + output);
        }
        return output;
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void install() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        List<String> flags = new ArrayList<>(List.of("-u", "1337", "-i", "*"));
        flags.addAll(way.flags());
        int code;
        if (way.isEbpf()) {
            flags.addAll(List.of("--cgroup", cgroup.toString()));
            flags.addAll(List.of("--network-namespace", path().toString()));
            code = EbpfCommand.run(flags.toArray(String[]::new), out, out);
        } else {
            flags.addFirst("iptables");
            String[] all = flags.toArray(String[]::new);
            code = NetworkNamespace.in(path(), () -> InterceptionMain.run(all, out, out));
        }
        if (code != 0) {
            throw new IOException(way + ": " + log.toString(StandardCharsets.UTF_8));
        }
    }

    private Path path() {
        return Path.of("/run/netns", namespace);
    }

    private Process start(int uid, String... role) throws IOException {
        String script =
                String.format(
                        "echo $$ > %s/cgroup.procs && exec ip netns exec %s setpriv --reuid=%d"
                                + " --regid=%d --clear-groups \"$@\"",
                        cgroup, namespace, uid, uid);
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Player.class.getName()));
        command.addAll(List.of(role));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        return process;
    }

    private void awaitListeners() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (shell("ip netns exec " + namespace + " ss -Htln").lines().count() < 2) {
            if (System.nanoTime() > end) {
                throw new IOException(way + ": server and proxy do not listen");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Runs one measurement. */
    Sample measure(Load load, double seconds) throws IOException {
        long cpu = cpuMicros();
        long start = System.nanoTime();
        toClient.println(load.name() + " " + seconds);
        String answer = fromClient.readLine();
        if (answer == null) {
            throw new IOException(way + ": the client ended during " + load);
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Sample(Long.parseLong(answer), elapsed, (cpuMicros() - cpu) / 1e6);
    }

    /** Returns the CPU time of all three processes, the kernel's work for them included. */
    private long cpuMicros() throws IOException {
        for (String line : Files.readAllLines(cgroup.resolve("cpu.stat"))) {
            if (line.startsWith("usage_usec ")) {
                return Long.parseLong(line.substring("usage_usec ".length()));
            }
        }
        throw new IOException("cpu.stat has no usage_usec");
    }

    /**
     * The outcome of one measurement.
     *
     * @param requests answers received
     * @param seconds how long it took
     * @param cpuSeconds CPU time of application, proxy and server together
     */
    record Sample(long requests, double seconds, double cpuSeconds) {
        double perSecond() {
            return requests / seconds;
        }

        double perCpuSecond() {
            return requests / cpuSeconds;
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly();
            await(process);
        }
        if (way.isEbpf()) {
            EbpfCommand.run(
                    new String[] {
                        "detach",
                        "--cgroup",
                        cgroup.toString(),
                        "--network-namespace",
                        path().toString()
                    },
                    System.err,
                    System.err);
        }
        shell("ip netns del " + namespace);
        Files.delete(cgroup);
    }
}

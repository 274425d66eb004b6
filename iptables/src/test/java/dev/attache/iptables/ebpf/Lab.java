package dev.attache.iptables.ebpf;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces joined by two cables, and cgroups, all made by the test and removed by it.
 * "pod" holds application and proxy: eth0 10.77.0.2 and fd77::2, eth1 10.78.0.2. "world" holds
 * servers: 10.77.0.1, 10.78.0.1, fd77::1, and 203.0.113.10 and 2001:db8::10 behind them.
 */
final class Lab implements AutoCloseable {
    private final String id = "at" + ProcessHandle.current().pid();
    private final String pod = id + "-pod";
    private final String world = id + "-world";
    private final Path cgroup;
    private final Deque<Process> processes = new ArrayDeque<>();

    private Lab(Path cgroups) {
        this.cgroup = cgroups.resolve(id);
    }

    /** Returns why no lab can be built here, empty if it can. */
    static String obstacle() {
        try {
            if (uid() != 0) {
                return "not root";
            }
            if (Cgroup.mounts(Files.readString(Path.of("/proc/self/mounts"))).isEmpty()) {
                return "no cgroup hierarchy of version 2 is mounted";
            }
            return Files.isExecutable(Path.of("/usr/sbin/ip"))
                            || Files.isExecutable(Path.of("/sbin/ip"))
                    ? ""
                    : "the ip command is missing";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int uid() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    static Lab build() throws IOException {
        Path mount = Cgroup.mounts(Files.readString(Path.of("/proc/self/mounts"))).getFirst();
        Lab lab = new Lab(mount);
        try {
            lab.cable();
            for (String name : List.of("app", "proxy", "other")) {
                Files.createDirectories(lab.cgroup.resolve(name));
            }
        } catch (IOException | RuntimeException e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    private void cable() throws IOException {
        run("ip netns add " + pod);
        run("ip netns add " + world);
        for (String ns : List.of(pod, world)) {
            run("ip -n " + ns + " link set lo up");
        }
        for (int cable = 0; cable < 2; cable++) {
            String eth = "eth" + cable;
            run(
                    "ip -n %s link add %s type veth peer name %s netns %s"
                            .formatted(pod, eth, eth, world));
            String net = "10.7" + (7 + cable) + ".0.";
            address(pod, eth, net + "2/24");
            address(world, eth, net + "1/24");
            run("ip -n %s link set %s up".formatted(pod, eth));
            run("ip -n %s link set %s up".formatted(world, eth));
        }
        address(pod, "eth0", "fd77::2/64 nodad");
        address(world, "eth0", "fd77::1/64 nodad");
        address(world, "lo", "203.0.113.10/32");
        address(world, "lo", "198.51.100.53/32");
        address(world, "lo", "2001:db8::10/128 nodad");
        run("ip -n %s route add default via 10.77.0.1".formatted(pod));
        run("ip -n %s -6 route add default via fd77::1".formatted(pod));
    }

    private static void address(String ns, String device, String address) throws IOException {
        run("ip -n %s addr add %s dev %s".formatted(ns, address, device));
    }

    static String run(String command) throws IOException {
        Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }

    Path cgroup(String name) {
        return name.isEmpty() ? cgroup : cgroup.resolve(name);
    }

    Path namespace() {
        return Path.of("/run/netns", pod);
    }

    /** Returns how many bytes the pod's loopback interface has carried. */
    long loopbackBytes() throws IOException {
        String table = run("ip netns exec " + pod + " cat /proc/net/dev");
        String line =
                table.lines().filter(l -> l.strip().startsWith("lo:")).findFirst().orElseThrow();
        return Long.parseLong(line.strip().split("[:\\s]+")[1]);
    }

    /** Starts an actor in the pod. */
    Player inPod(String cgroupName, int uid) throws IOException {
        return start(pod, cgroupName, uid);
    }

    /** Starts an actor in the world. */
    Player inWorld() throws IOException {
        return start(world, "other", 0);
    }

    private Player start(String namespace, String cgroupName, int uid) throws IOException {
        String script =
                "echo $$ > %s/cgroup.procs && exec ip netns exec %s setpriv --reuid=%d --regid=%d --clear-groups \"$@\""
                        .formatted(cgroup(cgroupName), namespace, uid, uid);
        return start(List.of("sh", "-c", script, "sh"));
    }

    /** Starts an actor outside of the namespaces that is root without any of root's rights. */
    Player withoutRights() throws IOException {
        return start(List.of("setpriv", "--bounding-set=-all"));
    }

    private Player start(List<String> launcher) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Actor.class.getName()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.push(process);
        Player player = new Player(process);
        player.expect("ready");
        return player;
    }

    /** An actor as the test sees it. */
    static final class Player {
        private final Process process;
        private final BufferedReader in;
        private final PrintStream out;

        Player(Process process) {
            this.process = process;
            this.in =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        }

        String say(String command) throws IOException {
            out.println(command);
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("the actor ended at: " + command);
            }
            return answer;
        }

        void expect(String line) throws IOException {
            String answer = in.readLine();
            if (!line.equals(answer)) {
                throw new IOException("expected " + line + ", not " + answer);
            }
        }

        void stop() throws IOException {
            process.destroy();
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** The outcome of one run of the command. */
    record Outcome(int code, String out, String err) {}

    /** Runs the command of this module, in this process. */
    Outcome ebpf(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.addAll(List.of("--network-namespace", namespace().toString()));
        int code =
                EbpfCommand.run(
                        all.toArray(String[]::new),
                        environment,
                        Path.of("/etc/resolv.conf"),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
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
        for (String ns : List.of(pod, world)) {
            if (Files.exists(Path.of("/run/netns", ns))) {
                run("ip netns del " + ns);
            }
        }
        for (String name : List.of("app", "proxy", "other", "")) {
            Files.deleteIfExists(cgroup(name));
        }
    }
}

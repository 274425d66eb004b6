package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine beside a control plane: two network namespaces with a link between them, and for the
 * machine {@code /etc}, {@code /var} and {@code /run} of its own. Closing it ends what runs in
 * both.
 */
final class MeshMachine implements AutoCloseable {
    static final String CONTROL = "ob-control";
    static final String MACHINE = "ob-machine";
    static final String CONTROL_ADDRESS = "10.88.1.1";
    static final String ADDRESS = "10.88.1.2";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String NETWORK =
            """
            set -e
            ip netns add ob-control; ip netns add ob-machine
            ip -n ob-control link set lo up; ip -n ob-machine link set lo up
            ip link add ob0 netns ob-machine type veth peer name ob1 netns ob-control
            ip -n ob-control addr add 10.88.1.1/24 dev ob1; ip -n ob-control link set ob1 up
            ip -n ob-machine addr add 10.88.1.2/24 dev ob0; ip -n ob-machine link set ob0 up
            ip -n ob-machine route add default via 10.88.1.1
            """;

    /** Another user has to find the program even where it is below a closed home. */
    private static final String FILES =
            """
            set -e
            mount -t tmpfs none $1; cd $1; mkdir etc etcw var varw home
            mount -t overlay -o lowerdir=/etc,upperdir=etc,workdir=etcw none /etc
            mount -t overlay -o lowerdir=/var,upperdir=var,workdir=varw none /var
            mount -t tmpfs none /run
            mount --bind $HOME home; mount -t tmpfs -o mode=755 none $HOME
            for d in $(ls -A home); do
              [ ! -d home/$d ] || { mkdir $HOME/$d; mount --bind home/$d $HOME/$d; }
            done
            echo > up; exec sleep 100000
            """;

    private final Process holder;
    private final List<Process> started = new ArrayList<>();

    MeshMachine(Path directory) throws IOException, InterruptedException {
        remove();
        require(run(List.of("sh", "-c", NETWORK)));
        Path files = Files.createDirectories(directory.resolve("machine"));
        Path log = directory.resolve("machine.log");
        holder =
                new ProcessBuilder(
                                List.of(
                                        "ip",
                                        "netns",
                                        "exec",
                                        MACHINE,
                                        "unshare",
                                        "-m",
                                        "--propagation",
                                        "private",
                                        "sh",
                                        "-c",
                                        FILES,
                                        "sh",
                                        files.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Path up = Path.of("/proc/" + holder.pid() + "/root", files.toString(), "up");
        if (!PeerProcess.eventually(PATIENCE, () -> Files.exists(up))) {
            String said = Files.readString(log);
            close();
            throw new IOException("no machine: " + said);
        }
    }

    /** What a command comes to. */
    record Outcome(int code, String text) {}

    /** A command on the machine, to its end. */
    Outcome run(String... words) throws IOException, InterruptedException {
        return run(on(words));
    }

    /** A program on the machine that goes on. */
    Process start(String... words) throws IOException {
        Process process =
                new ProcessBuilder(on(words))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        started.add(process);
        return process;
    }

    private List<String> on(String... words) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "-t", String.valueOf(holder.pid()), "-m", "-n"));
        command.addAll(List.of(words));
        return command;
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " does not end: " + text);
        }
        return new Outcome(process.exitValue(), text);
    }

    private static void require(Outcome outcome) throws IOException {
        if (outcome.code() != 0) {
            throw new IOException(outcome.text());
        }
    }

    private static void remove() throws IOException, InterruptedException {
        for (String name : List.of(MACHINE, CONTROL)) {
            run(
                    List.of(
                            "sh",
                            "-c",
                            "ip netns pids " + name + " | xargs -r kill -9; ip netns del " + name));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        started.forEach(Process::destroyForcibly);
        holder.destroyForcibly();
        holder.waitFor();
        remove();
    }
}

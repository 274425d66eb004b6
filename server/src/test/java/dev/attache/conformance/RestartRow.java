package dev.attache.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processes that take over from each other, of the real Envoy or of this project. */
final class RestartRow implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(90);

    private final Path binary;
    private final Path directory;
    private final int admin;
    private final List<String> flags;
    private final int baseId = ThreadLocalRandom.current().nextInt(1_000, 100_000_000);
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();

    RestartRow(Path binary, Path directory, int admin, String... flags) {
        this.binary = binary;
        this.directory = directory;
        this.admin = admin;
        this.flags = List.of(flags);
    }

    /** Of processes that are started from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    int baseId() {
        return baseId;
    }

    /** Starts a process of an epoch and leaves it to the caller to wait. */
    Process launch(String config, int epoch, String... more) throws IOException {
        int number = processes.size();
        Path file = Files.writeString(directory.resolve("config" + number + ".yaml"), config);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                binary.toString(),
                                "-c",
                                file.toString(),
                                "--base-id",
                                Integer.toString(baseId),
                                "--restart-epoch",
                                Integer.toString(epoch)));
        command.addAll(flags);
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log(number).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /**
     * The same, and waits until it is that process which answers at the admin port, and is live.
     */
    Process start(String config, int epoch, String... more) throws Exception {
        Process process = launch(config, epoch, more);
        boolean live =
                PeerProcess.eventually(
                        LONG,
                        () ->
                                !process.isAlive()
                                        || server().getOrDefault("hot_restart_epoch", -1L) == epoch
                                                && server().getOrDefault("live", 0L) == 1);
        if (!live || !process.isAlive()) {
            throw new IOException(
                    "epoch " + epoch + " does not serve:\n" + text(processes.size() - 1));
        }
        return process;
    }

    private Map<String, Long> server() {
        Map<String, Long> found = new TreeMap<>();
        stats("^server\\.(hot_restart_epoch|live)$")
                .forEach((name, value) -> found.put(name.substring("server.".length()), value));
        return found;
    }

    /** Counters and gauges by name; empty where nobody answers. */
    Map<String, Long> stats(String pattern) {
        Map<String, Long> found = new TreeMap<>();
        Matcher line =
                Pattern.compile("(?m)^([^:\n]+): (\\d+)\\s*$")
                        .matcher(ChildProxy.get(admin, "/stats?filter=" + encoded(pattern)));
        while (line.find()) {
            found.put(line.group(1), Long.parseLong(line.group(2)));
        }
        return found;
    }

    private static String encoded(String pattern) {
        return URLEncoder.encode(pattern, StandardCharsets.UTF_8);
    }

    /** Waits for the process of a place in the row to end; its exit code. */
    int end(int number) throws InterruptedException {
        if (!processes.get(number).waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + number + " does not end");
        }
        return processes.get(number).exitValue();
    }

    private Path log(int number) {
        return directory.resolve("log" + number);
    }

    String text(int number) throws IOException {
        return Files.readString(log(number));
    }

    /** Which of some lines a process has said, in its order. */
    List<String> said(int number, String... lines) throws IOException {
        return text(number)
                .lines()
                .flatMap(line -> List.of(lines).stream().filter(line::contains))
                .toList();
    }

    /** A request on a connection that stays; the head of the answer, in small letters. */
    static String ask(Socket socket) throws IOException {
        socket.setSoTimeout((int) LONG.toMillis());
        ChildProxy.send(socket, "/", "keep-alive");
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection has ended after '" + head + "'");
            }
            head.append((char) next);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        Matcher length = Pattern.compile("content-length: (\\d+)").matcher(text);
        if (length.find()) {
            in.skipNBytes(Integer.parseInt(length.group(1)));
        }
        return text;
    }

    static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly();
        }
        for (Process process : processes) {
            process.waitFor();
        }
    }
}

package dev.attache.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy as a child that is treated badly: a shell line before it, signals, outputs unread. */
final class ChildProxy implements AutoCloseable {

    private final Process process;

    private ChildProxy(Process process) {
        this.process = process;
    }

    /**
     * Starts it behind a line of shell that ends in {@code exec "$@"}.
     *
     * @param log null: its outputs are pipes that nobody reads
     */
    static ChildProxy start(
            String shell, Path config, @org.jspecify.annotations.Nullable Path log, String... more)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell, "-"));
        command.addAll(List.of(Peers.subject().toString(), "-c", config.toString()));
        command.addAll(List.of("--concurrency", "1", "--file-flush-interval-msec", "20"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (log != null) {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        return new ChildProxy(builder.start());
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    boolean ends(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Ticks of processor time, user and system. */
    long ticks() throws IOException {
        String stat = java.nio.file.Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** Polls until the port answers 200. */
    static boolean serves(int port, Duration limit) throws InterruptedException {
        return PeerProcess.eventually(limit, () -> get(port, "/").startsWith("HTTP/1.1 200"));
    }

    /** One request on a connection of its own; an empty text where there is no whole answer. */
    static String get(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            send(socket, path, "close");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException notServed) {
            return "";
        }
    }

    static void send(Socket socket, String path, String connection) throws IOException {
        String request =
                "GET %s HTTP/1.1\r\nHost: test\r\nConnection: %s\r\n\r\n"
                        .formatted(path, connection);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The value of a counter or gauge; -1 where there is none of the name. */
    static long stat(int admin, String name) {
        for (String line : get(admin, "/stats").lines().toList()) {
            if (line.startsWith(name + ": ")) {
                return Long.parseLong(line.substring(name.length() + 2));
            }
        }
        return -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

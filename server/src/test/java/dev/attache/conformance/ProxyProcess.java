package dev.attache.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A proxy under test as a child process: the real Envoy or this project's launcher. */
public final class ProxyProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    /** The proxy ended, or was not ready in time; the message carries its log. */
    public static final class NotStarted extends IOException {
        private static final long serialVersionUID = 1;

        private NotStarted(String message) {
            super(message);
        }
    }

    private final Process process;
    private final Path log;
    private final int adminPort;

    private ProxyProcess(Process process, Path log, int adminPort) {
        this.process = process;
        this.log = log;
        this.adminPort = adminPort;
    }

    /**
     * Starts a proxy and waits until its admin interface says LIVE.
     *
     * @throws NotStarted when it ends or is not ready in time
     */
    static ProxyProcess start(
            Path binary, Path config, Path directory, int adminPort, List<String> arguments)
            throws IOException, InterruptedException {
        return start(binary, config, directory, adminPort, arguments, Map.of());
    }

    /** As above, with more in its environment. */
    static ProxyProcess start(
            Path binary,
            Path config,
            Path directory,
            int adminPort,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        ProxyProcess proxy = launch(binary, config, directory, adminPort, arguments, environment);
        try {
            proxy.awaitReady();
        } catch (IOException | InterruptedException e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    /** Starts a proxy and leaves it to the caller to wait for what it needs. */
    public static ProxyProcess launch(
            Path binary,
            Path config,
            Path directory,
            int adminPort,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        return launch(
                List.of(binary.toString()), config, directory, adminPort, arguments, environment);
    }

    /** The same by a command that ends with the proxy's program, as one that enters a namespace. */
    public static ProxyProcess launch(
            List<String> program,
            Path config,
            Path directory,
            int adminPort,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("-c", config.toString()));
        command.addAll(List.of("--concurrency", "1", "--disable-hot-restart"));
        command.addAll(List.of("--file-flush-interval-msec", "20"));
        if (!arguments.contains("--drain-time-s")) {
            command.addAll(List.of("--drain-time-s", "1"));
        }
        command.addAll(arguments);
        Path log = directory.resolve("proxy.log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new ProxyProcess(process, log, adminPort);
    }

    /** Runs a proxy to its end, for {@code --mode validate} and the like. */
    record Finished(int exitCode, String out, String err) {}

    static Finished run(Path binary, Path directory, List<String> arguments)
            throws IOException, InterruptedException {
        return run(binary, directory, arguments, Map.of());
    }

    static Finished run(
            Path binary, Path directory, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(binary.toString());
        command.addAll(arguments);
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Finished(
                    -1, Files.readString(out), "still running\n" + Files.readString(err));
        }
        return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new NotStarted(
                        "ended with code " + process.exitValue() + ":\n" + complaints());
            }
            if (ready()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new NotStarted("not ready after " + START.toSeconds() + " s:\n" + complaints());
    }

    private boolean ready() {
        try {
            return admin("GET", "/ready").statusCode() == 200;
        } catch (IOException | InterruptedException notYet) {
            return false;
        }
    }

    /** Asks the admin interface, without keeping the connection. */
    public HttpResponse<String> admin(String method, String path)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + adminPort + encoded(path)))
                            .timeout(Duration.ofSeconds(5))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Percent-encodes what a URI cannot hold: the cases write regular expressions as they are. */
    private static String encoded(String path) {
        StringBuilder out = new StringBuilder();
        for (char c : path.toCharArray()) {
            boolean plain = Character.isLetterOrDigit(c) || "/?&=._~%-,:*".indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }

    public String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The end of the log, without what every start prints. */
    String complaints() throws IOException {
        List<String> lines = log().lines().filter(l -> !l.contains("][info][")).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

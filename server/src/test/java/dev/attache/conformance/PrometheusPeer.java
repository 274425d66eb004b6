package dev.attache.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A real Prometheus of the distribution that scrapes proxies each second. */
public final class PrometheusPeer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");

    /** The rules' tests are run by this one. */
    public static final Path TOOL = Path.of("/usr/bin/promtool");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One series of an answer: its labels, and the last value. */
    public record Series(Map<String, String> labels, double value) {}

    private final PeerProcess process;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PrometheusPeer(PeerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    public static boolean installed() {
        return Files.isExecutable(PROGRAM) && Files.isExecutable(TOOL);
    }

    /**
     * Starts it.
     *
     * @param targets ports where {@code /stats/prometheus} is, by what is to be the label {@code
     *     instance}; {@code pod} and {@code namespace} are added as on Kubernetes
     */
    public static PrometheusPeer start(Path directory, Map<String, Integer> targets)
            throws IOException, InterruptedException {
        StringBuilder config =
                new StringBuilder(
                        """
                        global: {scrape_interval: 1s, scrape_timeout: 1s}
                        scrape_configs:
                        - job_name: proxies
                          metrics_path: /stats/prometheus
                          static_configs:
                        """);
        targets.forEach((name, target) ->
                config.append(
                        "  - {targets: [\"127.0.0.1:%d\"], labels: {instance: %s, pod: %s, namespace: default}}\n"
                                .formatted(target, name, name)));
        Files.createDirectories(directory);
        Path file = Files.writeString(directory.resolve("prometheus.yml"), config);
        int port = Ports.free();
        PeerProcess process =
                PeerProcess.start(
                        directory,
                        Map.of("GOMAXPROCS", "1"),
                        List.of(
                                PROGRAM.toString(),
                                "--config.file=" + file,
                                "--storage.tsdb.path=" + directory.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--log.level=warn"));
        return new PrometheusPeer(process, port);
    }

    /** Polls until an expression returns something. */
    public boolean eventually(String expression) throws InterruptedException {
        return PeerProcess.eventually(
                PATIENCE,
                () -> {
                    try {
                        return !query(expression).isEmpty();
                    } catch (IOException notYet) {
                        return false;
                    }
                });
    }

    /**
     * What an expression returns now.
     *
     * @throws IOException with Prometheus' words, where it does not understand it
     */
    public List<Series> query(String expression) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/query"))
                        .timeout(Duration.ofSeconds(20))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "query="
                                                + URLEncoder.encode(
                                                        expression, StandardCharsets.UTF_8)))
                        .build();
        String body;
        try {
            body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        Map<String, Object> answer = Tree.map(Tree.parse(body));
        if (!"success".equals(answer.get("status"))) {
            throw new IOException(expression + ": " + body + process.log());
        }
        return Tree.list(Tree.map(answer.get("data")).get("result")).stream()
                .filter(Map.class::isInstance)
                .map(each -> series(Tree.map(each)))
                .toList();
    }

    private static Series series(Map<String, Object> one) {
        Map<String, String> labels = new TreeMap<>();
        Tree.map(one.get("metric"))
                .forEach((name, value) -> labels.put(name, Tree.text(value, "")));
        Object value = Tree.list(one.get("value")).getLast();
        String text =
                Tree.text(value, "NaN").replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
        return new Series(labels, Double.parseDouble(text));
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}

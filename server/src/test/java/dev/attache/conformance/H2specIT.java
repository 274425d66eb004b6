package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec in its strict mode, in the clear and over TLS: every case passes. */
@Tag("conformance")
final class H2specIT {
    private static final Pattern SECTION = Pattern.compile("^\\s+((?:[0-9]+\\.)+) .*");
    private static final Pattern FAILED = Pattern.compile("^\\s+× ([0-9]+): (.*)");

    @Test
    void passesEverything(@TempDir Path directory) throws Exception {
        Certificates certificates = new Certificates(directory);
        int admin = Ports.free();
        int clear = Ports.free();
        int tls = Ports.free();
        HttpServer upstream = upstream();
        try {
            Path config =
                    Files.writeString(
                            directory.resolve("envoy.yaml"),
                            PeerBootstraps.clearAndTls(
                                    admin,
                                    clear,
                                    tls,
                                    upstream.getAddress().getPort(),
                                    certificates));
            try (ProxyProcess proxy =
                    ProxyProcess.start(Peers.subject(), config, directory, admin, List.of())) {
                assertThat(failures(directory, clear)).as("in the clear").isEmpty();
                assertThat(failures(directory, tls, "-t", "-k")).as("over TLS").isEmpty();
                assertThat(proxy.alive()).isTrue();
            }
        } finally {
            upstream.stop(0);
        }
    }

    /**
     * Reads a request to its end before it answers: an early answer would hide what h2spec asks.
     */
    private static HttpServer upstream() throws IOException {
        HttpServer upstream =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 5);
                    exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
                    exchange.close();
                });
        upstream.start();
        return upstream;
    }

    /** The cases that fail, as «section number: text»; every run must have run all cases. */
    private static Set<String> failures(Path directory, int port, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Peers.peer("h2spec").toString());
        command.addAll(List.of("-S", "-h", "127.0.0.1", "-p", "" + port, "-o", "4"));
        command.addAll(List.of(more));
        Path own = Files.createDirectories(directory.resolve("h2spec" + port));
        try (PeerProcess h2spec = PeerProcess.start(own, Map.of(), command)) {
            h2spec.await(Duration.ofMinutes(4));
            assertThat(h2spec.log()).containsPattern("146 tests, [0-9]+ passed, 0 skipped");
            return failed(h2spec.log());
        }
    }

    private static Set<String> failed(String output) {
        Set<String> failed = new TreeSet<>();
        String section = "";
        boolean summary = false;
        for (String line : output.lines().toList()) {
            summary |= line.startsWith("Failures:");
            Matcher head = SECTION.matcher(line);
            Matcher failure = FAILED.matcher(line);
            if (summary && head.matches()) {
                section = head.group(1);
            } else if (summary && failure.matches()) {
                failed.add(section + " " + failure.group(1) + ": " + failure.group(2));
            }
        }
        return failed;
    }
}

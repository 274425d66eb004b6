package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.server.flags.ServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The flags and endpoints of docs/migrate-from-envoy.md are those of this program. That none of
 * Envoy's is missing asks {@code MigrationPageIT}.
 */
final class MigrationPageTest {

    private static Set<String> found(String pattern, String text) {
        Set<String> all = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    private static String page() throws Exception {
        return Files.readString(Peers.root().resolve("docs/migrate-from-envoy.md"));
    }

    private static String section(String title) throws Exception {
        String text = page();
        int begin = text.indexOf("\n## " + title + "\n");
        assertThat(begin).as(title).isPositive();
        int end = text.indexOf("\n## ", begin + 1);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    @Test
    void everyFlagIsThere() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Attache.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                "--help");
        Set<String> flags = found("(--[a-z_-]+)", out.toString(StandardCharsets.UTF_8));
        assertThat(found("`(--[a-z_-]+)", section("Flags"))).isNotEmpty().isSubsetOf(flags);
    }

    @Test
    void everyEndpointIsThere() throws Exception {
        int port = Ports.free();
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(
                                "admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}"
                                        .formatted(port))
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(options);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(server.options().concurrency()).isEqualTo(1);
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/help"))
                            .build();
            String help = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            assertThat(found("`(/[a-z_/]*)`", section("Admin endpoints")))
                    .isNotEmpty()
                    .isSubsetOf(found("(?m)^  (/[a-z_/]*)", help));
        }
    }
}

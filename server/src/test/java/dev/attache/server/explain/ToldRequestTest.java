package dev.attache.server.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.explain.Decision;
import dev.attache.server.AttacheServer;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ExplainOptions;
import dev.attache.server.log.LogLevel;
import dev.attache.testkit.OneListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code x-attache-explain} and the decisions that are kept, of a proxy in this process. */
final class ToldRequestTest {

    private static final String SECRET = "a-secret-of-some-length";
    private static final String BOOTSTRAP =
            OneListener.plain()
                    .routes(
                            "[\"*\"]",
                            "{name: told, match: {prefix: /, headers: [{name: x-attache-explain,"
                                    + " present_match: true}]}, direct_response: {status: 500}}",
                            "{name: rest, match: {prefix: /}, direct_response: {status: 200}}");

    @Test
    void whoKnowsTheSecretIsToldAndNobodyElse(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        try (AttacheServer server = start(new ExplainOptions(64, file.toString(), false))) {
            assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
            IpAddress address = (IpAddress) server.listenerAddresses().get("web").getFirst();
            HttpResponse<String> told = ask(address.port(), "/a", SECRET);
            // The secret is taken away before routes are matched.
            assertThat(told.statusCode()).isEqualTo(200);
            assertThat(told.headers().firstValue("x-attache-explain").orElse(""))
                    .contains("\"route\":\"rest\"")
                    .contains("\"condition\":\"header x-attache-explain\"")
                    .contains("\"not_matched\":[{\"name\":\"told\"")
                    .doesNotContain(SECRET);
            HttpResponse<String> guess = ask(address.port(), "/b", SECRET + "x");
            assertThat(guess.statusCode()).isEqualTo(200);
            assertThat(guess.headers().firstValue("x-attache-explain")).isEmpty();
            assertThat(ask(address.port(), "/c", null).headers().map())
                    .doesNotContainKey("x-attache-explain");
            Decision kept = server.explaining().latest().getFirst();
            assertThat(kept.question().path()).isEqualTo("/c");
            assertThat(kept.did().text("route")).isEqualTo("rest");
            assertThat(server.explaining().find(kept.id())).isEqualTo(kept);
        }
    }

    @Test
    void aSecretThatIsNoneIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "short");
        assertThatThrownBy(() -> start(new ExplainOptions(0, file.toString(), false)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("--explain-secret-path")
                .hasMessageContaining("16 at least");
    }

    private static AttacheServer start(ExplainOptions explain) throws StartupException {
        return AttacheServer.start(
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP)
                        .concurrency(1)
                        .logLevel(LogLevel.ERROR)
                        .explain(explain)
                        .build());
    }

    private static HttpResponse<String> ask(int port, String path, @Nullable String secret)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .version(HttpClient.Version.HTTP_1_1);
        if (secret != null) {
            request.header("x-attache-explain", secret);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}

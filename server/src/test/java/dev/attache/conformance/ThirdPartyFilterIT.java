package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A filter that is in none of the proxy's jars: {@code examples/hello-filter}, compiled, put into a
 * jar and served by the launcher.
 */
@Tag("conformance")
final class ThirdPartyFilterIT {
    private static final Path SOURCE = Peers.root().resolve("examples/hello-filter");

    @TempDir Path directory;

    @Test
    void isFoundInTheExtensionsDirectory() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Path config = config(admin, listener, "good day");
        Path extensions = jar();
        try (ProxyProcess proxy =
                ProxyProcess.start(
                        Peers.subject(),
                        config,
                        directory,
                        admin,
                        List.of(),
                        Map.of("ATTACHE_EXTENSIONS", extensions.toString()))) {
            HttpResponse<String> plain = get(listener, "/");
            assertThat(plain.statusCode()).isEqualTo(200);
            assertThat(plain.body()).isEqualTo("here\n");
            assertThat(plain.headers().firstValue("x-hello")).contains("good day");
            HttpResponse<String> refused = get(listener, "/forbidden");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("not here\n");
            assertThat(proxy.admin("GET", "/stats").body()).contains("http.main.hello.greeted: 2");
        }
    }

    @Test
    void saysWhichSettingIsWrong() throws Exception {
        Path config = config(Ports.free(), Ports.free(), "\"\"");
        assertThat(validate(config, jar()).err())
                .contains("http_filters[0].typed_config.greeting")
                .contains("a text is required");
    }

    @Test
    void isUnknownWithoutItsJar() throws Exception {
        Path config = config(Ports.free(), Ports.free(), "good day");
        Path empty = Files.createDirectories(directory.resolve("empty"));
        ProxyProcess.Finished finished = validate(config, empty);
        assertThat(finished.exitCode()).isEqualTo(1);
        assertThat(finished.err())
                .contains(
                        "Didn't find a registered implementation for 'hello' with type URL:"
                                + " 'com.example.hello'");
    }

    @Test
    void jarsThatCannotBeLoadedAreRefusedByNameAndTheOthersServe() throws Exception {
        Path extensions = jar();
        Files.writeString(extensions.resolve("torn.jar"), "not a jar at all");
        try (JarOutputStream out =
                new JarOutputStream(Files.newOutputStream(extensions.resolve("broken.jar")))) {
            out.putNextEntry(
                    new JarEntry(
                            "META-INF/services/dev.attache.config.extension.ExtensionFactory"));
            out.write("com.example.Missing\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Path config = config(Ports.free(), Ports.free(), "good day");
        ProxyProcess.Finished finished = validate(config, extensions);
        assertThat(finished.err())
                .contains("cannot load the extension com.example.Missing of ")
                .contains("/broken.jar")
                .contains("torn.jar is no whole jar");
        assertThat(finished.exitCode()).isZero();
    }

    private ProxyProcess.Finished validate(Path config, Path extensions)
            throws IOException, InterruptedException {
        return ProxyProcess.run(
                Peers.subject(),
                directory,
                List.of("--mode", "validate", "-c", config.toString()),
                Map.of("ATTACHE_EXTENSIONS", extensions.toString()));
    }

    private Path config(int admin, int listener, String greeting) throws IOException {
        String text =
                Files.readString(SOURCE.resolve("envoy.yaml"))
                        .replace("port_value: 9901", "port_value: " + admin)
                        .replace("port_value: 10000", "port_value: " + listener)
                        .replace("greeting: good day", "greeting: " + greeting);
        return Files.writeString(directory.resolve("envoy.yaml"), text);
    }

    private Path jar() throws IOException {
        return ExampleJar.build("hello-filter", directory);
    }

    private static HttpResponse<String> get(int port, String path)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}

package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A filter that is in none of this project's jars: {@code examples/hello-filter}, compiled, put
 * into a jar and served by the launcher.
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
                .contains("a greeting must be set");
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

    /** What the example's README says to do, with the compiler of this JDK. */
    private Path jar() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                classes.toString(),
                                "-cp",
                                jarsOfTheProxy(),
                                SOURCE.resolve("com/example/hello/HelloFilterFactory.java")
                                        .toString());
        assertThat(result).isZero();
        Path extensions = Files.createDirectories(directory.resolve("extensions"));
        try (OutputStream file = Files.newOutputStream(extensions.resolve("hello.jar"));
                JarOutputStream out = new JarOutputStream(file)) {
            add(classes, "com", out);
            add(SOURCE, "META-INF", out);
        }
        return extensions;
    }

    private static String jarsOfTheProxy() throws IOException {
        try (Stream<Path> jars = Files.list(Peers.root().resolve("packaging/target/attache/lib"))) {
            return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static void add(Path root, String below, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(below))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
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

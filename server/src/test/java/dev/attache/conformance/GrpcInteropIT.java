package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * gRPC's own interoperability client and server with the proxy between them: every test case that
 * the server, asked without a proxy, passes. Left out are those that need Google's services, and
 * {@code cacheable_unary}, the probing {@code client_compressed_*} and {@code orca_*}, which the
 * Java server does not implement.
 */
@Tag("conformance")
final class GrpcInteropIT {
    private static final List<String> TESTS =
            List.of(
                    "empty_unary",
                    "large_unary",
                    "client_compressed_unary_noprobe",
                    "server_compressed_unary",
                    "client_streaming",
                    "client_compressed_streaming_noprobe",
                    "server_streaming",
                    "server_compressed_streaming",
                    "ping_pong",
                    "empty_stream",
                    "custom_metadata",
                    "status_code_and_message",
                    "special_status_message",
                    "unimplemented_method",
                    "unimplemented_service",
                    "cancel_after_begin",
                    "cancel_after_first_response",
                    "timeout_on_sleeping_server",
                    "very_large_request",
                    "pick_first_unary",
                    "rpc_soak",
                    "channel_soak");
    private static final Path SUITE = Peers.peer("grpc-interop");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path directory;

    @BeforeAll
    static void isInstalled() {
        assertThat(SUITE).as("run .ci/peers/all.sh").isDirectory();
    }

    @ParameterizedTest(name = "TLS: {0}")
    @ValueSource(booleans = {false, true})
    void everyCasePasses(boolean tls) throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        int server = Ports.free();
        String plain = PeerBootstraps.forward(admin, listener, server);
        Path config =
                Files.writeString(directory.resolve("envoy.yaml"), tls ? withTls(plain) : plain);
        List<String> command = suite("TestServiceServer", "--port=" + server, "--use_tls=" + tls);
        try (PeerProcess peer = PeerProcess.start(home("server"), Map.of(), command);
                ProxyProcess proxy =
                        ProxyProcess.start(Peers.subject(), config, directory, admin, List.of())) {
            boolean up = PeerProcess.eventually(LIMIT, () -> log(peer).contains("Server started"));
            assertThat(up).as("server: %s", peer.log()).isTrue();
            assertThat(failures(listener, tls)).isEmpty();
            assertThat(proxy.admin("GET", "/stats").body())
                    .as("the requests came this way")
                    .containsPattern("cluster\\.up\\.upstream_rq_total: [1-9][0-9]+");
        }
    }

    private Map<String, String> failures(int port, boolean tls) throws Exception {
        Map<String, String> failures = new LinkedHashMap<>();
        try (ExecutorService some = Executors.newFixedThreadPool(2)) {
            Map<String, Future<String>> running = new LinkedHashMap<>();
            for (String test : TESTS) {
                running.put(test, some.submit(() -> run(test, port, tls)));
            }
            for (Map.Entry<String, Future<String>> test : running.entrySet()) {
                String failure = test.getValue().get();
                if (!failure.isEmpty()) {
                    failures.put(test.getKey(), failure);
                }
            }
        }
        return failures;
    }

    /** Empty when it passes, else what the client printed. */
    private String run(String test, int port, boolean tls) throws Exception {
        List<String> command =
                suite(
                        "TestServiceClient",
                        "--server_host=127.0.0.1",
                        "--server_host_override=foo.test.google.fr",
                        "--server_port=" + port,
                        "--use_tls=" + tls,
                        "--use_test_ca=" + tls,
                        // The soak cases would judge how busy the machine is.
                        "--soak_per_iteration_max_acceptable_latency_ms=30000",
                        "--soak_overall_timeout_seconds=60",
                        "--test_case=" + test);
        try (PeerProcess client = PeerProcess.start(home(test), Map.of(), command)) {
            return client.await(LIMIT) == 0 ? "" : "failed:\n" + client.log();
        }
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private static String log(PeerProcess peer) {
        try {
            return peer.log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> suite(String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", SUITE + "/*", "io.grpc.testing.integration." + main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The listener with the suite's server certificate, the cluster with its root. */
    private String withTls(String bootstrap) throws IOException {
        String down =
                """
                      transport_socket:
                        name: tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          common_tls_context:
                            alpn_protocols: [h2]
                            tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}]
                """
                        .formatted(material("server1.pem"), material("server1.key"));
        String up =
                """
                    transport_socket:
                      name: tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        sni: foo.test.google.fr
                        common_tls_context:
                          alpn_protocols: [h2]
                          validation_context:
                            trusted_ca: {filename: %s}
                            match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: "*.test.google.fr"}}]
                """
                        .formatted(material("ca.pem"));
        return bootstrap
                .replace("  clusters:\n", down + "  clusters:\n")
                .replace("    load_assignment:", up + "    load_assignment:");
    }

    /** A file that the suite keeps in one of its jars. */
    private Path material(String name) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(SUITE, "grpc-*.jar")) {
            for (Path jar : jars) {
                try (ZipFile zip = new ZipFile(jar.toFile())) {
                    if (zip.getEntry("certs/" + name) == null) {
                        continue;
                    }
                    Path file = directory.resolve(name);
                    try (InputStream in =
                            Objects.requireNonNull(
                                    zip.getInputStream(zip.getEntry("certs/" + name)))) {
                        Files.write(file, in.readAllBytes());
                    }
                    return file;
                }
            }
        }
        throw new IOException("no certs/" + name + " in the jars of " + SUITE);
    }
}

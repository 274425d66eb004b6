package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.flags.ServerOptions;
import dev.attache.testkit.TestCertificates;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control planes by their targets: {@code google_grpc}. */
class GoogleControlPlaneIT {

    private static final String CLUSTER = "{name: one, connect_timeout: 2s, type: STATIC}";

    private static AttacheServer start(String google) throws Exception {
        return AttacheServer.start(
                ServerOptions.builder()
                        .configYaml(
                                """
                                node: {id: node-1, cluster: demo}
                                dynamic_resources:
                                  ads_config:
                                    api_type: DELTA_GRPC
                                    transport_api_version: V3
                                    grpc_services:
                                    - google_grpc: {stat_prefix: plane, %s}
                                      initial_metadata: [{key: x-said, value: hello}]
                                  cds_config: {ads: {}, resource_api_version: V3}
                                """
                                        .formatted(google))
                        .concurrency(1)
                        .build());
    }

    private static long counted(AttacheServer server, String name) {
        return server.stats().counter("grpc.plane." + name).value();
    }

    @Test
    void aNameIsLookedUpAndWhatIsCountedGoesByThePrefix() throws Exception {
        try (TestControlPlane control = new TestControlPlane()) {
            control.cluster(CLUSTER).push();
            try (AttacheServer server =
                    start("target_uri: 'dns:///localhost:" + control.port() + "'")) {
                assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
                assertThat(server.plane().clusters().active()).containsOnlyKeys("one");
                assertThat(counted(server, "google_grpc_client_creation")).isEqualTo(1);
                assertThat(counted(server, "streams_total")).isEqualTo(1);
                control.stop();
                long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (counted(server, "streams_closed_14") == 0) {
                    assertThat(System.nanoTime()).as("the end is counted").isLessThan(end);
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void itsCertificateIsCheckedAndTheTokenComesWithEachStream(@TempDir Path dir) throws Exception {
        TestCertificates authority = TestCertificates.authority("CN=control planes");
        TestCertificates.Issued issued = authority.leaf("CN=plane").dns("plane.test").issue();
        Path roots = Files.write(dir.resolve("roots.pem"), authority.pem());
        List<String> tokens = new CopyOnWriteArrayList<>();
        try (TestControlPlane control = secured(issued, tokens)) {
            control.cluster(CLUSTER).push();
            String google =
                    "target_uri: '127.0.0.1:%d', channel_credentials: {ssl_credentials:"
                            + " {root_certs: {filename: '%s'}}}, call_credentials:"
                            + " [{access_token: secret}], channel_args: {args: {"
                            + "grpc.ssl_target_name_override: {string_value: %s}}}";
            try (AttacheServer server =
                    start(google.formatted(control.port(), roots, "plane.test"))) {
                assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
                assertThat(server.plane().clusters().active()).containsOnlyKeys("one");
                assertThat(tokens).containsExactly("Bearer secret hello");
            }
            try (AttacheServer server =
                    start(google.formatted(control.port(), roots, "other.test"))) {
                long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (counted(server, "streams_closed_14") == 0) {
                    assertThat(System.nanoTime()).as("it is refused").isLessThan(end);
                    Thread.onSpinWait();
                }
                assertThat(tokens).hasSize(1);
            }
        }
    }

    private static TestControlPlane secured(TestCertificates.Issued issued, List<String> tokens)
            throws Exception {
        return new TestControlPlane(builder -> {
            try {
                builder.sslContext(
                        GrpcSslContexts.forServer(
                                        new ByteArrayInputStream(issued.chainPem()),
                                        new ByteArrayInputStream(issued.keyPem()))
                                .build());
            } catch (javax.net.ssl.SSLException e) {
                throw new IllegalStateException(e);
            }
            builder.intercept(
                    new ServerInterceptor() {
                        @Override
                        public <Q, R> ServerCall.Listener<Q> interceptCall(
                                ServerCall<Q, R> call,
                                Metadata headers,
                                ServerCallHandler<Q, R> next) {
                            tokens.add(
                                    headers.get(key("authorization"))
                                            + " "
                                            + headers.get(key("x-said")));
                            return next.startCall(call, headers);
                        }
                    });
        });
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Test
    void whatLeadsNowhereIsRefusedAtTheStart() throws Exception {
        refuses("target_uri: 'http://127.0.0.1:1'", "google_grpc.target_uri: ");
        refuses(
                "target_uri: 'a:1', call_credentials: [{access_token: t}]",
                "google_grpc.call_credentials[0].access_token: ");
    }

    private static void refuses(String google, String place) throws Exception {
        try (AttacheServer server = start(google)) {
            assertThat(server.awaitLive(Duration.ofSeconds(30))).isFalse();
            assertThat(server.lifecycle().failure()).contains(place);
        }
    }
}

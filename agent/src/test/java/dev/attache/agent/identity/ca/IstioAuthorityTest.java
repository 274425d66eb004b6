package dev.attache.agent.identity.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.control.TrustedRoots;
import dev.attache.agent.identity.ca.IstioCertificateMessages.Request;
import dev.attache.agent.metrics.AgentMetrics;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class IstioAuthorityTest {

    private static final Metadata.Key<String> AUTHORIZATION = ascii("authorization");

    private final AgentMetrics metrics = new AgentMetrics();
    @TempDir Path directory;

    private static Metadata.Key<String> ascii(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private IstioAuthority authority(int port, Duration limit) {
        return new IstioAuthority(
                new ControlPlane(
                        "127.0.0.1:" + port,
                        "127.0.0.1",
                        true,
                        TrustedRoots.of(directory.resolve("none")),
                        null,
                        directory.resolve("token"),
                        Map.of("clusterid", "Kubernetes", "x_test", "v"),
                        new ControlPlane.Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(10))),
                "signer",
                metrics,
                limit);
    }

    private IstioAuthority authority(int port) {
        return authority(port, Duration.ofSeconds(30));
    }

    @Test
    void theTokenIsReadForEachRequest() throws IOException {
        try (StubIstiod istiod =
                        new StubIstiod((request, answer) -> {
                            answer.onNext(List.of("leaf", "root"));
                            answer.onCompleted();
                        });
                IstioAuthority authority = authority(istiod.port())) {
            SignedCertificate signed = authority.sign("csr", Duration.ofHours(1));
            Files.writeString(directory.resolve("token"), "one\n");
            authority.sign("csr", Duration.ofHours(1));
            Files.writeString(directory.resolve("token"), "two");
            authority.sign("csr", Duration.ofHours(1));

            assertThat(signed.chain()).containsExactly("leaf", "root");
            assertThat(signed.roots()).containsExactly("root");
            assertThat(istiod.requests).contains(new Request("csr", 3600, "signer"));
            assertThat(istiod.headers)
                    .extracting(sent -> sent.get(AUTHORIZATION))
                    .containsExactly(null, "Bearer one", "Bearer two");
            assertThat(istiod.headers.getFirst().get(ascii("clusterid"))).isEqualTo("Kubernetes");
            assertThat(istiod.headers.getFirst().get(ascii("x_test"))).isEqualTo("v");
            assertThat(metrics.print())
                    .contains("istio_agent_num_outgoing_requests{request_type=\"csr\"} 3\n")
                    .contains("istio_agent_outgoing_latency{request_type=\"csr\"} ");
        }
    }

    @Test
    void whatMayPassIsTriedFiveTimes() throws IOException {
        try (StubIstiod istiod =
                        new StubIstiod((request, answer) ->
                                answer.onError(
                                        Status.UNAVAILABLE
                                                .withDescription("starting")
                                                .asRuntimeException()));
                IstioAuthority authority = authority(istiod.port())) {
            assertThatThrownBy(() -> authority.sign("csr", Duration.ofHours(1)))
                    .hasMessageContaining("answered UNAVAILABLE: starting");
            assertThat(istiod.requests).hasSize(5);
            assertThat(metrics.print())
                    .contains("num_outgoing_retries{request_type=\"csr\"} 4\n")
                    .contains("num_failed_outgoing_requests{request_type=\"csr\"} 1\n");
        }
    }

    @Test
    void whoIsNotKnownIsToldWhichFilesWereShown() throws IOException {
        try (StubIstiod istiod =
                        new StubIstiod((request, answer) ->
                                answer.onError(
                                        Status.UNAUTHENTICATED
                                                .withDescription("expired")
                                                .asRuntimeException()));
                IstioAuthority authority = authority(istiod.port())) {
            assertThatThrownBy(() -> authority.sign("csr", Duration.ofHours(1)))
                    .hasMessageContaining("does not accept who this is: expired")
                    .hasMessageContaining(directory.resolve("token").toString());
            assertThat(istiod.requests).hasSize(1);
        }
    }

    @Test
    void oneCertificateAloneIsNoChain() throws IOException {
        try (StubIstiod istiod =
                        new StubIstiod((request, answer) -> {
                            answer.onNext(List.of("leaf"));
                            answer.onCompleted();
                        });
                IstioAuthority authority = authority(istiod.port())) {
            assertThatThrownBy(() -> authority.sign("csr", Duration.ofHours(1)))
                    .hasMessageContaining("invalid empty CertChain");
        }
    }

    @Test
    void oneThatHangsIsLeft() throws IOException {
        try (StubIstiod istiod = new StubIstiod((request, answer) -> {});
                IstioAuthority authority = authority(istiod.port(), Duration.ofMillis(300))) {
            assertThatThrownBy(() -> authority.sign("csr", Duration.ofHours(1)))
                    .hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void oneThatIsAwayIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (IstioAuthority authority = authority(port)) {
            assertThatThrownBy(() -> authority.sign("csr", Duration.ofHours(1)))
                    .hasMessageContaining(
                            "127.0.0.1:" + port + " refuses the connection: nothing listens there");
        }
    }
}

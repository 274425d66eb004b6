package dev.attache.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.control.TrustedRoots;
import io.grpc.Status;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentUpstreamTest {
    @TempDir Path directory;

    @Test
    void saysWhatToMend() {
        Path token = directory.resolve("istio-token");
        AgentUpstream upstream =
                new AgentUpstream(
                        new ControlPlane(
                                "istiod.test:15012",
                                "istiod.test",
                                false,
                                TrustedRoots.of(directory.resolve("roots")),
                                null,
                                token,
                                Map.of(),
                                new ControlPlane.Keepalive(
                                        Duration.ofSeconds(30), Duration.ofSeconds(10))));
        assertThat(upstream.words(Status.UNAUTHENTICATED.withDescription("failure")))
                .startsWith("istiod.test:15012 does not accept who this is: failure; the token is")
                .contains(token.toString(), "cannot be read");
        assertThat(upstream.words(Status.UNAVAILABLE.withCause(new ConnectException("refused"))))
                .isEqualTo("istiod.test:15012 refuses the connection: nothing listens there");
        assertThat(upstream.words(Status.UNAVAILABLE.withDescription("no connection")))
                .isEqualTo("no connection");
        assertThat(upstream.words(Status.INTERNAL)).isEqualTo("no reason was given");
    }
}

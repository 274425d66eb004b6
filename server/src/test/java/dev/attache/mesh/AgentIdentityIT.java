package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's identity from a real istiod: by token, also one that is mended, and by certificate.
 */
@Tag("conformance")
final class AgentIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ACCOUNT = "client";

    @TempDir Path directory;

    @Test
    void istiodSignsByTokenAndThenByCertificate()
            throws IOException, InterruptedException, GeneralSecurityException {
        try (SigningIstiod istiod = new SigningIstiod(directory)) {
            byTokenThatIsMended(istiod);
            byCertificate(istiod);
        }
    }

    private void byTokenThatIsMended(SigningIstiod istiod)
            throws IOException, InterruptedException {
        Path home = home("by-token", istiod);
        istiod.token(home, ACCOUNT, Duration.ofMinutes(-10));
        try (PeerProcess agent = agent(home, Map.of("SECRET_TTL", "8s"))) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE, () -> agent.says("does not accept who this is")))
                    .as("%s", agent.log())
                    .isTrue();
            istiod.token(home, ACCOUNT, Duration.ofHours(1));
            Set<String> chains = new HashSet<>();
            Path chain = home.resolve("out/cert-chain.pem");
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> {
                                        if (Files.exists(chain)) {
                                            chains.add(text(chain));
                                        }
                                        return chains.size() >= 3;
                                    }))
                    .as("%s%s", agent.log(), istiod.log())
                    .isTrue();
        }
        try (PeerProcess agent = agent(home, Map.of("SECRET_TTL", "1h"))) {
            Path chain = home.resolve("out/cert-chain.pem");
            String earlier = text(chain);
            assertThat(PeerProcess.eventually(PATIENCE, () -> !text(chain).equals(earlier)))
                    .as("%s", agent.log())
                    .isTrue();
        }
    }

    private void byCertificate(SigningIstiod istiod) throws IOException, InterruptedException {
        Path home = home("by-certificate", istiod);
        String provisioned = directory.resolve("by-token/out").toString();
        try (PeerProcess agent = agent(home, Map.of("PROV_CERT", provisioned))) {
            Path root = home.resolve("out/root-cert.pem");
            assertThat(PeerProcess.eventually(PATIENCE, () -> Files.exists(root)))
                    .as("%s%s", agent.log(), istiod.log())
                    .isTrue();
            assertThat(agent.log()).doesNotContain("using token instead");
        }
    }

    private Path home(String name, SigningIstiod istiod) throws IOException {
        Path home = AgentPod.home(directory, name, istiod.secure());
        istiod.trust(home);
        return home;
    }

    private static PeerProcess agent(Path home, Map<String, String> more) throws IOException {
        Map<String, String> variables = new HashMap<>(more);
        variables.putAll(
                Map.of(
                        "DISABLE_ENVOY", "true",
                        "CLOUD_PLATFORM", "none",
                        "OUTPUT_CERTS", "out",
                        "POD_NAMESPACE", "default",
                        "SERVICE_ACCOUNT", ACCOUNT));
        return PeerProcess.start(home, variables, AgentPod.ours("sidecar"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

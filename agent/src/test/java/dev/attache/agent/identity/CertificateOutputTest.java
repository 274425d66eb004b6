package dev.attache.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.TestCertificates.Issued;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent leaves that is killed while it writes, and what the next one makes of it. */
class CertificateOutputTest {

    private final TestCertificates authority = TestCertificates.authority("CN=root");
    private final Issued first = authority.leaf("CN=first").issue();
    private final Issued second = authority.leaf("CN=second").issue();

    @TempDir Path directory;

    private CertificateOutput output = new CertificateOutput(Path.of(""), false);

    @BeforeEach
    void written() throws IOException {
        output = new CertificateOutput(directory, false);
        output.write(identity(first), List.of(text(authority.pem())));
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.US_ASCII);
    }

    private static Identity identity(Issued issued) {
        return new Identity(
                text(issued.keyPem()),
                List.of(text(issued.certificatePem())),
                List.of(),
                Instant.now(),
                Instant.now().plusSeconds(60));
    }

    private void left(String name, byte[] pem) throws IOException {
        Files.write(directory.resolve(name), pem);
    }

    private void holds(Issued issued) throws IOException {
        output.mend();
        assertThat(directory.resolve("key.pem")).hasBinaryContent(issued.keyPem());
        assertThat(directory.resolve("cert-chain.pem"))
                .content()
                .isEqualToNormalizingNewlines(text(issued.certificatePem()));
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).hasSize(3);
        }
    }

    @Test
    void killedBeforeTheFirstMoveThePairIsTheOldOne() throws IOException {
        left("key.pem.tmp.1", second.keyPem());
        left("cert-chain.pem.tmp.1", second.certificatePem());
        holds(first);
    }

    @Test
    void killedBetweenTheMovesThePairIsTheNewOne() throws IOException {
        left("key.pem", second.keyPem());
        left("cert-chain.pem.tmp.0", new byte[0]);
        left("cert-chain.pem.tmp.1", second.certificatePem());
        left("cert-chain.pem.tmp.2", authority.pem());
        left("root-cert.pem.tmp.1", authority.pem());
        holds(second);
    }

    @Test
    void halfAFileIsPutNowhereAndTheNextIdentityIsWritten() throws IOException {
        left("key.pem.tmp.1", new byte[] {'-', '-'});
        left("cert-chain.pem.tmp.1", new byte[] {'-', '-'});
        holds(first);
        left("key.pem", new byte[] {'-', '-'});
        output.write(identity(second), List.of());
        holds(second);
    }
}

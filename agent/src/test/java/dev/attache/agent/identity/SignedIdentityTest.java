package dev.attache.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.ca.CertificateAuthority;
import dev.attache.agent.identity.ca.SignedCertificate;
import dev.attache.agent.identity.ca.TestSigner;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SignedIdentityTest {

    private final TestSigner signer = new TestSigner();
    private final AtomicLong wallOffset = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();
    private final AtomicInteger signed = new AtomicInteger();
    private volatile String refusal = "";
    private volatile Duration lifetime;

    @TempDir Path directory;

    private final class Authority implements CertificateAuthority {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public SignedCertificate sign(String request, Duration validity) throws IOException {
            if (!refusal.isEmpty()) {
                throw new IOException(refusal);
            }
            signed.incrementAndGet();
            return signer.signed(request, now().plus(lifetime == null ? validity : lifetime));
        }

        @Override
        public void close() {
            refusal = "closed";
        }
    }

    private Instant now() {
        return Instant.now().plusSeconds(wallOffset.get());
    }

    private SignedIdentity identity(TrustBundle trust, AgentMetrics metrics) {
        Environment environment =
                new Environment(
                        Map.of(
                                "ECC_SIGNATURE_ALGORITHM",
                                "ECDSA",
                                "OUTPUT_CERTS",
                                "out",
                                "POD_NAMESPACE",
                                "default",
                                "SERVICE_ACCOUNT",
                                "server"));
        return new SignedIdentity(
                IdentitySettings.of(environment, new AgentFiles(directory)),
                new Authority(),
                trust,
                metrics,
                this::now,
                ticks::get);
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    @Test
    void clocksThatJumpSkipNoReplacement() throws InterruptedException {
        try (SignedIdentity identity = identity(new TrustBundle(), new AgentMetrics())) {
            AtomicInteger taken = new AtomicInteger();
            identity.listen(ignored -> taken.incrementAndGet());
            identity.start();
            eventually(() -> taken.get() == 1);

            wallOffset.set(Duration.ofHours(13).toSeconds());
            eventually(() -> taken.get() == 2);

            // Back by a day: the wall says it is never time, the other clock that it is.
            wallOffset.set(Duration.ofHours(-11).toSeconds());
            ticks.set(Duration.ofHours(13).toNanos());
            eventually(() -> taken.get() == 3);
        }
    }

    @Test
    void whatWasThereStaysWhileNobodySigns() throws InterruptedException {
        AgentMetrics metrics = new AgentMetrics();
        try (SignedIdentity identity = identity(new TrustBundle(), metrics)) {
            identity.start();
            eventually(() -> identity.current() != null);
            Identity first = identity.current();

            refusal = "nobody is there";
            wallOffset.set(Duration.ofHours(25).toSeconds());
            eventually(() -> identity.state().failures() > 0);

            assertThat(identity.current()).isSameAs(first);
            assertThat(identity.state().failure()).isEqualTo("nobody is there");
            assertThat(identity.state().left(now())).isNegative();
            assertThat(metrics.print())
                    .containsPattern("cert_expiry_seconds\\{resource_name=\"default\"} -36\\d\\d");

            refusal = "";
            eventually(() -> signed.get() == 2);
            eventually(() -> identity.state().failures() == 0);
        }
    }

    @Test
    void filesForOthersAreWholeAndComeBack() throws InterruptedException, IOException {
        TrustBundle trust = new TrustBundle();
        Path out = directory.resolve("out");
        Files.writeString(out, "a file where the directory should be");
        try (SignedIdentity identity = identity(trust, new AgentMetrics())) {
            identity.start();
            eventually(() -> identity.current() != null);
            assertThat(Files.isRegularFile(out)).isTrue();

            Files.delete(out);
            Files.createDirectory(out);
            Files.writeString(out.resolve("key.pem.tmp.123"), "half");
            eventually(() -> Files.exists(out.resolve("root-cert.pem")));

            assertThat(out.resolve("key.pem.tmp.123")).doesNotExist();
            assertThat(out.resolve("key.pem")).content().startsWith("-----BEGIN EC PRIVATE KEY");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(out.resolve("key.pem"))))
                    .isEqualTo("rw-------");
            assertThat(out.resolve("root-cert.pem")).hasContent(trust.text());
        }
    }

    @Test
    void aCertificateThatIsOverIsNotTaken() throws InterruptedException {
        lifetime = Duration.ofHours(-1);
        try (SignedIdentity identity = identity(new TrustBundle(), new AgentMetrics())) {
            identity.start();
            eventually(() -> identity.state().failures() > 0);
            assertThat(identity.current()).isNull();
            assertThat(identity.state().failure()).contains("expired at", "timedatectl");
        }
    }

    @Test
    void aCertificateWithoutAnEndIsTakenOnce() throws InterruptedException {
        lifetime = Duration.between(Instant.now(), Instant.parse("9999-12-31T23:59:59Z"));
        try (SignedIdentity identity = identity(new TrustBundle(), new AgentMetrics())) {
            identity.start();
            eventually(() -> identity.current() != null);
            assertThat(identity.state().failures()).isZero();
        }
    }

    @Test
    void anAuthorityIsNotAskedWithoutAPause() {
        Identity brief =
                new Identity(
                        "", java.util.List.of(), java.util.List.of(), now(), now().plusMillis(1));
        Due due = Due.of(brief, 0.5, 0, () -> 0.5, this::now, ticks::get);
        assertThat(due.left()).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void rootsOfTheMeshAreAddedOnce() {
        TrustBundle trust = new TrustBundle();
        String other = new TestSigner().root();
        trust.authority(java.util.List.of(signer.root()));

        assertThat(trust.mesh(java.util.List.of(other, signer.root()))).isTrue();
        assertThat(trust.mesh(java.util.List.of(other, signer.root()))).isFalse();

        assertThat(trust.roots()).hasSize(2).isSorted();
    }
}

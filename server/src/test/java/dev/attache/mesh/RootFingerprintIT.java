package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine whose operator knows the mesh's root by its fingerprint only. istiod sends its root
 * where its file {@code cert-chain.pem} has it.
 */
@Tag("conformance")
final class RootFingerprintIT {
    private static final TestCertificates ROOT = TestCertificates.authority("O=mesh");
    private static final TestCertificates BELOW = ROOT.intermediate("O=istiod");
    private static final String ADDRESS = "--address=istiod.invalid:15012";

    @TempDir Path directory;

    @Test
    void theRootIsFetchedAndTakenByItsFingerprint() throws Exception {
        try (SigningIstiod istiod = new SigningIstiod(directory, BELOW, ROOT, true)) {
            OnboardedImage machine = machine(istiod);
            String wrong = print(TestCertificates.authority("O=x").self().certificate());
            machine.refuses(13, "has the fingerprint " + wrong, "openssl x509", flag(wrong));
            machine.refuses(11, "the name istiod.invalid has no address", "--resolve", ADDRESS);
            String colons = print(ROOT.self().certificate()).replaceAll("(..)(?=.)", "$1:");
            String said = machine.onboarded(flag("sha256 Fingerprint=" + colons));
            assertThat(said).contains("the root has the fingerprint that was given");
            assertThat(machine.file("etc/certs/root-cert.pem"))
                    .usingCharset(StandardCharsets.US_ASCII)
                    .hasContent(new String(ROOT.pem(), StandardCharsets.US_ASCII));
            assertThat(machine.started()).contains("spiffe://cluster.local/ns/default/sa/vm");
        }
    }

    @Test
    void whereTheServerDoesNotSendItsRootThatIsSaid() throws Exception {
        try (SigningIstiod istiod = new SigningIstiod(directory, BELOW, ROOT, false)) {
            String print = print(ROOT.self().certificate());
            machine(istiod).refuses(13, "it shows", "give it with --root-cert", flag(print));
        }
    }

    private OnboardedImage machine(SigningIstiod istiod) throws Exception {
        istiod.token(directory, "vm", Duration.ofHours(1));
        String token = "--token=" + directory.resolve("var/run/secrets/tokens/istio-token");
        String print = print(ROOT.self().certificate());
        return new OnboardedImage(
                istiod, directory.resolve("machine"), "vm", List.of(token, flag(print)));
    }

    private static String flag(String print) {
        return "--root-fingerprint=" + print;
    }

    private static String print(X509Certificate certificate) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
    }
}

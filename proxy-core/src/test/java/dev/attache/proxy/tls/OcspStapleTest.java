package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.tls.IdentityKeyManager.Stapling;
import dev.attache.proxy.tls.ServerTlsSpec.OcspStaplePolicy;
import dev.attache.proxy.tls.hello.ClientHello;
import dev.attache.proxy.tls.secret.EcdsaCurves;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.x509.OcspResponse;
import dev.attache.testkit.TestCertificates;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stapled, left out and refused: Envoy's three policies. */
class OcspStapleTest {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");
    private static final TestCertificates.Issued PLAIN = CA.leaf("CN=plain").dns("a.test").issue();
    private static final TestCertificates.Issued DEMANDING =
            CA.leaf("CN=demanding").dns("a.test").mustStaple().issue();
    private static final Instant NOW = Instant.now();

    private static byte[] fresh(TestCertificates.Issued issued) {
        return CA.ocsp(issued.certificate(), NOW.minusSeconds(60), NOW.plus(Duration.ofDays(1)));
    }

    private static byte[] expired(TestCertificates.Issued issued) {
        return CA.ocsp(issued.certificate(), NOW.minus(Duration.ofDays(2)), NOW.minusSeconds(60));
    }

    private static byte[] endless(TestCertificates.Issued issued) {
        return CA.ocsp(issued.certificate(), NOW.minusSeconds(60), null);
    }

    private static TlsSecret.Certificate secret(TestCertificates.Issued issued, byte[] response) {
        return new TlsSecret.Certificate(
                issued.chainPem(), issued.keyPem(), null, null, response, "chain", "key");
    }

    private static Stapling stapling(
            OcspStaplePolicy policy, TestCertificates.Issued issued, byte[] response)
            throws Exception {
        return choose(policy, secret(issued, response)).stapling();
    }

    private static IdentityKeyManager.Choice choose(
            OcspStaplePolicy policy, TlsSecret.Certificate... secrets) throws Exception {
        Identity[] identities = new Identity[secrets.length];
        for (int i = 0; i < secrets.length; i++) {
            identities[i] = Identity.of(secrets[i]);
        }
        return new IdentityKeyManager(List.of(identities), null, false, policy)
                .choose(hello(true), () -> EcdsaCurves.ALL);
    }

    /** TLS 1.2, one suite, perhaps with {@code status_request}. */
    private static ClientHello hello(boolean asks) {
        ByteBuffer body = ByteBuffer.allocate(200);
        body.putShort((short) 0x0303).put(new byte[32]).put((byte) 0);
        body.putShort((short) 2).putShort((short) 0xc02b).put((byte) 1).put((byte) 0);
        if (asks) {
            body.putShort((short) 9).putShort((short) 5).putShort((short) 5);
            body.put(new byte[] {1, 0, 0, 0, 0});
        }
        byte[] message = Arrays.copyOf(body.array(), body.position());
        ByteBuffer record = ByteBuffer.allocate(message.length + 9);
        record.put((byte) 22).putShort((short) 0x0301).putShort((short) (message.length + 4));
        record.putInt(1 << 24 | message.length).put(message);
        return ClientHello.read(Unpooled.wrappedBuffer(record.array()));
    }

    @Test
    void policiesDecideWhatBecomesOfAWish() throws Exception {
        for (OcspStaplePolicy policy : OcspStaplePolicy.values()) {
            assertThat(stapling(policy, PLAIN, fresh(PLAIN))).isEqualTo(Stapling.STAPLED);
            assertThat(stapling(policy, DEMANDING, fresh(DEMANDING))).isEqualTo(Stapling.STAPLED);
            // The certificate's demand is stronger than the policy.
            assertThat(stapling(policy, DEMANDING, expired(DEMANDING))).isEqualTo(Stapling.FAILED);
        }
        assertThat(stapling(OcspStaplePolicy.LENIENT_STAPLING, PLAIN, null))
                .isEqualTo(Stapling.OMITTED);
        assertThat(stapling(OcspStaplePolicy.LENIENT_STAPLING, PLAIN, expired(PLAIN)))
                .isEqualTo(Stapling.OMITTED);
        assertThat(stapling(OcspStaplePolicy.LENIENT_STAPLING, PLAIN, endless(PLAIN)))
                .isEqualTo(Stapling.OMITTED);
        assertThat(stapling(OcspStaplePolicy.STRICT_STAPLING, PLAIN, null))
                .isEqualTo(Stapling.OMITTED);
        assertThat(stapling(OcspStaplePolicy.STRICT_STAPLING, PLAIN, expired(PLAIN)))
                .isEqualTo(Stapling.FAILED);
        assertThat(stapling(OcspStaplePolicy.MUST_STAPLE, PLAIN, endless(PLAIN)))
                .isEqualTo(Stapling.FAILED);
    }

    @Test
    void aCertificateThatWouldFailIsPassedOverWhereThereIsAnother() throws Exception {
        IdentityKeyManager.Choice choice =
                choose(
                        OcspStaplePolicy.STRICT_STAPLING,
                        secret(PLAIN, expired(PLAIN)),
                        secret(DEMANDING, fresh(DEMANDING)));
        assertThat(choice.position()).isEqualTo(1);
        assertThat(choice.stapling()).isEqualTo(Stapling.STAPLED);
    }

    @Test
    void whoDoesNotAskIsServed() throws Exception {
        IdentityKeyManager keys =
                new IdentityKeyManager(
                        List.of(Identity.of(secret(PLAIN, expired(PLAIN)))),
                        null,
                        false,
                        OcspStaplePolicy.MUST_STAPLE);
        assertThat(keys.choose(hello(false), () -> EcdsaCurves.ALL).stapling())
                .isEqualTo(Stapling.NOT_ASKED);
    }

    private static String problem(OcspStaplePolicy policy, TlsSecret.Certificate secret) {
        return new ServerTlsSpec(
                        TlsParams.serverDefaults(List.of()),
                        List.of(SecretRef.of(secret)),
                        null,
                        false,
                        null,
                        false,
                        false,
                        0,
                        policy,
                        false,
                        false)
                .problem(secret);
    }

    @Test
    void whatCannotBeServedIsRefusedInEnvoysWords() {
        OcspStaplePolicy lenient = OcspStaplePolicy.LENIENT_STAPLING;
        assertThat(problem(lenient, secret(DEMANDING, null)))
                .isEqualTo("OCSP response is required for must-staple certificate");
        assertThat(problem(OcspStaplePolicy.MUST_STAPLE, secret(PLAIN, null)))
                .isEqualTo("Required OCSP response is missing from TLS context");
        assertThat(problem(lenient, secret(PLAIN, fresh(DEMANDING))))
                .isEqualTo("OCSP response does not match its TLS certificate");
        assertThat(problem(lenient, secret(PLAIN, TestCertificates.ocspTryLater())))
                .isEqualTo("OCSP response was unsuccessful");
        assertThat(problem(lenient, secret(PLAIN, new byte[] {1, 2, 3})))
                .isEqualTo("OCSP Response is not a well-formed ASN.1 SEQUENCE");
        assertThat(problem(lenient, secret(PLAIN, expired(PLAIN)))).isNull();
    }

    @Test
    void everyCutOfAResponseIsRefusedAndNoByteBreaksIt() {
        byte[] whole = fresh(PLAIN);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> OcspResponse.parse(cut))
                    .isInstanceOf(GeneralSecurityException.class);
        }
        for (int at = 0; at < whole.length; at++) {
            for (int value : new int[] {0, 0x30, 0x7f, 0x80, 0x84, 0xff}) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                try {
                    OcspResponse.parse(changed);
                } catch (GeneralSecurityException expected) {
                    assertThat(expected).hasMessageNotContaining("null");
                }
            }
        }
        byte[] two = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> OcspResponse.parse(two))
                .hasMessage("Data contained more than a single OCSP response");
    }
}

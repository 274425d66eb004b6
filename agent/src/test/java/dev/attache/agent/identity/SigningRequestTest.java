package dev.attache.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.Environment;
import dev.attache.agent.pem.KeyMatch;
import dev.attache.agent.pem.PrivateKeys;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Map;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.encoders.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningRequestTest {

    private static final String NAME = "spiffe://cluster.local/ns/default/sa/server";

    /** As Istio's agent 1.27.9 makes them: an empty organization in a printable string. */
    @ParameterizedTest
    @CsvSource({
        "'', '', RSA PRIVATE KEY, 1.2.840.113549.1.1.11",
        "ECDSA, '', EC PRIVATE KEY, 1.2.840.10045.4.3.2",
        "ECDSA, P384, EC PRIVATE KEY, 1.2.840.10045.4.3.3",
    })
    void requestsAreThoseOfIstiosAgent(String algorithm, String curve, String pem, String signature)
            throws IOException, PKCSException, OperatorCreationException {
        KeySpec spec =
                KeySpec.of(
                        new Environment(
                                Map.of("ECC_SIGNATURE_ALGORITHM", algorithm, "ECC_CURVE", curve)));
        KeyPair key = spec.generate();

        PKCS10CertificationRequest request = read(SigningRequest.of(key, spec.signature(), NAME));

        assertThat(Hex.toHexString(request.getSubject().getEncoded()))
                .isEqualTo("300b31093007060355040a1300");
        assertThat(request.getSignatureAlgorithm().getAlgorithm().getId()).isEqualTo(signature);
        Extension san =
                request.getRequestedExtensions().getExtension(Extension.subjectAlternativeName);
        assertThat(san.isCritical()).isTrue();
        assertThat(GeneralNames.getInstance(san.getParsedValue()).getNames())
                .containsExactly(new GeneralName(GeneralName.uniformResourceIdentifier, NAME));
        assertThat(
                        request.isSignatureValid(
                                new JcaContentVerifierProviderBuilder().build(key.getPublic())))
                .isTrue();
        assertThat(PrivateKeys.write(key.getPrivate(), false))
                .startsWith("-----BEGIN " + pem + "-----");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "ECDSA, P256", "ECDSA, P384"})
    void keysAreReadAsTheyWereWritten(String algorithm, String curve)
            throws IOException, GeneralSecurityException {
        KeyPair key =
                KeySpec.of(
                                new Environment(
                                        Map.of(
                                                "ECC_SIGNATURE_ALGORITHM",
                                                algorithm,
                                                "ECC_CURVE",
                                                curve)))
                        .generate();
        for (boolean pkcs8 : new boolean[] {true, false}) {
            String text = PrivateKeys.write(key.getPrivate(), pkcs8);
            assertThat(KeyMatch.of(PrivateKeys.read(text), key.getPublic())).isTrue();
        }
    }

    @Test
    void smallKeysAreRefused() {
        assertThatThrownBy(
                        () -> KeySpec.of(new Environment(Map.of("WORKLOAD_RSA_KEY_SIZE", "1024"))))
                .hasMessageContaining("does not meet the minimum required size of 2048");
    }

    private static PKCS10CertificationRequest read(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }
}

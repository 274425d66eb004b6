package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;

class PeerSignatureTest {

    @Test
    void followsFromTheKeyAndInTls13FromItsCurve() throws Exception {
        assertThat(PeerSignature.of(ec("secp256r1"), true)).isEqualTo("ecdsa_secp256r1_sha256");
        assertThat(PeerSignature.of(ec("secp384r1"), true)).isEqualTo("ecdsa_secp384r1_sha384");
        assertThat(PeerSignature.of(ec("secp521r1"), true)).isEqualTo("ecdsa_secp521r1_sha512");
        assertThat(PeerSignature.of(ec("secp384r1"), false)).isEqualTo("ecdsa_secp256r1_sha256");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertThat(PeerSignature.of(rsa.generateKeyPair().getPublic(), true))
                .isEqualTo("rsa_pss_rsae_sha256");
        PublicKey other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        assertThat(PeerSignature.of(other, true)).isEmpty();
    }

    private static PublicKey ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair().getPublic();
    }
}

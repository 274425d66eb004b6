package dev.attache.filters.http.oauth2.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** What one proxy seals another opens; the sealed texts were made elsewhere. */
final class SealingTest {

    private static final Keys KEYS = new Keys("hmac-secret".getBytes(StandardCharsets.UTF_8));

    @Test
    void bothKindsAreOpened() {
        Sealing sealing = new Sealing(false, true);
        assertThat(sealing.open("MDEyMzQ1Njc4OWFiY2RlZsLd2JDHEG9zlSZ0JhRl4FM", KEYS))
                .isEqualTo(new Sealing.Opened("AT", null, true));
        assertThat(sealing.open("gcm.MDEyMzQ1Njc4OWFipid8KhrAz6wQWAP3cWcGy1Nd", KEYS))
                .isEqualTo(new Sealing.Opened("AT", null, false));
    }

    @Test
    void whatIsSealedIsOpenedAgain() {
        for (boolean gcm : new boolean[] {true, false}) {
            Sealing sealing = new Sealing(gcm, !gcm);
            String sealed = sealing.seal("a token", KEYS, new SecureRandom());
            assertThat(sealed.startsWith("gcm.")).isEqualTo(gcm);
            assertThat(sealing.open(sealed, KEYS).text()).isEqualTo("a token");
        }
    }

    @Test
    void whatIsBrokenIsSaidInEnvoysWords() {
        Sealing sealing = new Sealing(true, true);
        assertThat(sealing.open("AAAA", KEYS).error()).isEqualTo("Invalid encrypted data");
        assertThat(sealing.open("gcm.AAAA", KEYS).error()).isEqualTo("Invalid encrypted data");
        String sealed = sealing.seal("x", KEYS, new SecureRandom());
        Keys others = new Keys(new byte[] {1});
        assertThat(sealing.open(sealed, others).error()).isEqualTo("failed to finalize decryption");
        assertThat(new Sealing(true, false).open("AAAA", KEYS).error())
                .isEqualTo(
                        "ciphertext has no algorithm marker and legacy CBC decryption is disabled");
    }

    @Test
    void base64IsReadStrictly() {
        assertThat(Base64Url.decode("QUI")).isEqualTo(new byte[] {'A', 'B'});
        assertThat(Base64Url.decode("QUI=")).isEmpty();
        assertThat(Base64Url.decode("QUJ")).isEmpty();
        assertThat(Base64Url.decode("QUI+")).isEmpty();
        assertThat(Base64Url.decode("A")).isEmpty();
    }
}

package dev.attache.proxy.tls.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a secret holds: read, or refused as what it is not. */
class PemMaterialFuzzTest {

    static Stream<byte[]> secrets() {
        TestCertificates.Issued issued =
                TestCertificates.authority("CN=a").leaf("CN=b").dns("c").issue();
        return Stream.of(
                issued.chainPem(),
                issued.keyPem(),
                issued.traditionalKeyPem(),
                TestCertificates.authority("CN=a").crl(issued.certificate()),
                ascii("-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----"),
                ascii(
                        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                + "MAMwAQA=\n"
                                + "-----END ENCRYPTED PRIVATE KEY-----"),
                ascii("-----BEGIN CERTIFICATE-----\n=\n-----END CERTIFICATE-----"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private interface Reading {
        Object read() throws GeneralSecurityException;
    }

    @MethodSource("secrets")
    @FuzzTest
    void isReadOrRefused(byte[] pem) {
        check(() -> PemMaterial.certificates(pem, "the secret"));
        check(() -> PemMaterial.crls(pem, "the secret"));
        check(() -> PemMaterial.privateKey(pem, null));
        check(() -> PemMaterial.privateKey(pem, "password"));
    }

    private static void check(Reading reading) {
        try {
            assertThat(reading.read()).isNotNull();
        } catch (GeneralSecurityException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    static Stream<byte[]> elements() {
        return Stream.of(
                Der.sequence(
                        Der.concat(Der.element(2, new byte[1]), Der.element(0xa0, new byte[3]))),
                Der.sequence(Der.element(0xa0, new byte[300])),
                new byte[] {0x30, (byte) 0x83, 0, 0, 1, 0},
                new byte[] {0x30, (byte) 0x84, 0, 0, 0, 0});
    }

    @MethodSource("elements")
    @FuzzTest
    void elementsLieInsideOfWhatHoldsThem(byte[] der) {
        byte[] found = Der.findContext(der, 0);
        if (found != null) {
            assertThat(found.length).isLessThan(der.length);
            byte[] again = Der.sequence(Der.element(0xa0, found));
            assertThat(Der.findContext(again, 0)).isEqualTo(found);
        }
        Der.Reader reader = new Der.Reader(der, 0, der.length);
        int left = der.length;
        while (reader.next()) {
            left -= 2 + reader.copy().length;
            assertThat(left).isNotNegative();
        }
    }
}

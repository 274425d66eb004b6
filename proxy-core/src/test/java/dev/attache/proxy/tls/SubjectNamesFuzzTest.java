package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SanMatcher.SanType;
import dev.attache.proxy.tls.x509.CertificateReader;
import dev.attache.testkit.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Certificates with any octets for subject alternative names: read without a fault, and a matcher
 * says yes only where Bouncy Castle finds that name, whole and of that kind.
 */
@Tag("wire")
class SubjectNamesFuzzTest {

    private static final String WANTED = "good.example";
    private static final SubjectPublicKeyInfo KEY =
            SubjectPublicKeyInfo.getInstance(
                    TestCertificates.selfSigned("CN=k").certificate().getPublicKey().getEncoded());

    static Stream<byte[]> extensions() {
        String name = HexFormat.of().formatHex(WANTED.getBytes(StandardCharsets.US_ASCII));
        return Stream.of(
                        "300e820c" + name,
                        "300e860c" + name,
                        "300e810c" + name,
                        "300f820d" + name + "00",
                        "30068704" + "7f000001",
                        "3012871000000000000000000000ffff7f000001",
                        "3014a012060a2b060104018237140203a0040c0261",
                        "300a82082a2e6578616d706c",
                        "3000",
                        "30060c04c3a9c3a9")
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("extensions")
    @FuzzTest
    void matchesOnlyWhatIsThere(byte[] extension) throws IOException {
        X509Certificate certificate;
        try {
            certificate = certificate(extension);
        } catch (CertificateException refused) {
            return;
        }
        CertificateNames names = CertificateReader.read(certificate);
        assertThat(names.subject()).isNotNull();
        assertThat(CertificateReader.allSans(certificate)).doesNotContainNull();
        GeneralName[] known = known(extension);
        check(certificate, SanType.EMAIL, known, GeneralName.rfc822Name);
        check(certificate, SanType.DNS, known, GeneralName.dNSName);
        check(certificate, SanType.URI, known, GeneralName.uniformResourceIdentifier);
    }

    private static GeneralName[] known(byte[] extension) throws IOException {
        if (extension.length == 0) {
            return new GeneralName[0];
        }
        try {
            return GeneralNames.getInstance(ASN1Primitive.fromByteArray(extension)).getNames();
        } catch (RuntimeException | IOException none) {
            return new GeneralName[0];
        }
    }

    private static void check(
            X509Certificate certificate, SanType type, GeneralName[] known, int tag) {
        SanMatcher exact = new SanMatcher(type, StringMatcher.exact(WANTED));
        if (!SubjectAltNames.matchesOne(certificate, List.of(exact))) {
            return;
        }
        assertThat(known)
                .anySatisfy(name -> {
                    assertThat(name.getTagNo()).isEqualTo(tag);
                    String text = ((ASN1String) name.getName()).getString();
                    if (type == SanType.DNS) {
                        assertThat(text.toLowerCase(Locale.ROOT)).isIn(WANTED, "*.example");
                    } else {
                        assertThat(text).isEqualTo(WANTED);
                    }
                });
    }

    /** Signed by nobody: only its names are looked at. */
    private static X509Certificate certificate(byte[] extension)
            throws IOException, CertificateException {
        X500Name name = new X500Name("CN=x");
        X509v3CertificateBuilder builder =
                new X509v3CertificateBuilder(
                        name, BigInteger.ONE, new Date(0), new Date(1000), name, KEY);
        builder.addExtension(Extension.subjectAlternativeName, false, extension);
        byte[] der = builder.build(new Nobody()).getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der));
    }

    private static final class Nobody implements ContentSigner {
        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public byte[] getSignature() {
            return new byte[8];
        }
    }
}

package dev.attache.agent.identity.ca;

import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** A root that signs what it is asked to, as istiod would: leaf and root. Any thread. */
public final class TestSigner {

    private static final X500Name ROOT = new X500Name("O=cluster.local");

    private final KeyPair key;
    private final String root;
    private final AtomicLong serial = new AtomicLong(10);

    public TestSigner() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            key = generator.generateKeyPair();
            Instant now = Instant.now();
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            ROOT,
                            BigInteger.ONE,
                            Date.from(now.minusSeconds(60)),
                            Date.from(now.plus(Duration.ofDays(365))),
                            ROOT,
                            key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            root = pem(builder);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** PEM. */
    public String root() {
        return root;
    }

    /** Leaf and root, as istiod answers. */
    public List<String> sign(String request, Instant expires) {
        try (PEMParser parser = new PEMParser(new StringReader(request))) {
            PKCS10CertificationRequest csr = (PKCS10CertificationRequest) parser.readObject();
            X509v3CertificateBuilder builder =
                    new X509v3CertificateBuilder(
                            ROOT,
                            BigInteger.valueOf(serial.incrementAndGet()),
                            Date.from(Instant.now().minusSeconds(120)),
                            Date.from(expires),
                            new X500Name(new org.bouncycastle.asn1.x500.RDN[0]),
                            csr.getSubjectPublicKeyInfo());
            ASN1ObjectIdentifier san = Extension.subjectAlternativeName;
            builder.addExtension(csr.getRequestedExtensions().getExtension(san));
            return List.of(pem(builder), root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same as an authority's answer. */
    public SignedCertificate signed(String request, Instant expires) {
        return new SignedCertificate(sign(request, expires), Certificates.split(root));
    }

    private String pem(X509v3CertificateBuilder builder) throws IOException {
        try (StringWriter text = new StringWriter();
                JcaPEMWriter writer = new JcaPEMWriter(text)) {
            X509CertificateHolder holder =
                    builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
            writer.writeObject(holder);
            writer.flush();
            return text.toString();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}

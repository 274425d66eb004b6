package dev.attache.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Makes certificate authorities, leaves and revocation lists for tests. Keys are fresh, EC P-256
 * unless asked otherwise; validity is from an hour ago until tomorrow.
 *
 * <pre>{@code
 * TestCertificates ca = TestCertificates.authority("CN=root");
 * TestCertificates.Issued leaf = ca.leaf("CN=server").dns("a.example").issue();
 * }</pre>
 *
 * <p>Longer than files here should be: what a certificate may have is one method each.
 */
public final class TestCertificates {

    private static final AtomicLong SERIALS = new AtomicLong(0x1001);

    private static final ASN1ObjectIdentifier TLS_FEATURE =
            new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");

    private final Issued self;

    private TestCertificates(Issued self) {
        this.self = self;
    }

    /** A certificate, its key and what stands between it and its root. */
    public record Issued(X509Certificate certificate, PrivateKey key, List<X509Certificate> chain) {

        /** The certificate and its intermediates, as servers present it. */
        public byte[] chainPem() {
            List<Object> all = new ArrayList<>();
            all.add(certificate);
            all.addAll(chain);
            return pem(all.toArray());
        }

        public byte[] certificatePem() {
            return pem(certificate);
        }

        /** PKCS#8. */
        public byte[] keyPem() {
            return pem(pkcs8());
        }

        /** PKCS#1 or SEC1, as old tools write it. */
        public byte[] traditionalKeyPem() {
            if (!(key instanceof ECPrivateKey ec)) {
                return pem(key);
            }
            try {
                byte[] sec1 =
                        new org.bouncycastle.asn1.sec.ECPrivateKey(
                                        256, ec.getS(), SECObjectIdentifiers.secp256r1)
                                .getEncoded();
                return pem(new PemObject("EC PRIVATE KEY", sec1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private org.bouncycastle.openssl.jcajce.JcaPKCS8Generator pkcs8() {
            try {
                return new org.bouncycastle.openssl.jcajce.JcaPKCS8Generator(key, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A self-signed root. */
    public static TestCertificates authority(String subject) {
        KeyPair keys = ecKeys();
        X509Certificate certificate =
                sign(
                        new Request(subject, keys).authority(),
                        new X500Name(subject),
                        keys.getPrivate());
        return new TestCertificates(new Issued(certificate, keys.getPrivate(), List.of()));
    }

    /** An intermediate of this authority. */
    public TestCertificates intermediate(String subject) {
        KeyPair keys = ecKeys();
        X509Certificate certificate =
                sign(new Request(subject, keys).authority(), subject(), self.key);
        List<X509Certificate> chain = new ArrayList<>();
        return new TestCertificates(new Issued(certificate, keys.getPrivate(), chain));
    }

    /** A self-signed leaf, which nobody vouches for. */
    public static Issued selfSigned(String subject) {
        KeyPair keys = ecKeys();
        X509Certificate certificate =
                sign(new Request(subject, keys), new X500Name(subject), keys.getPrivate());
        return new Issued(certificate, keys.getPrivate(), List.of());
    }

    private X500Name subject() {
        return new X500Name(self.certificate.getSubjectX500Principal().getName());
    }

    public Issued self() {
        return self;
    }

    /** The authority's own certificate: a trust bundle. */
    public byte[] pem() {
        return self.certificatePem();
    }

    public Leaf leaf(String subject) {
        return new Leaf(subject);
    }

    /** A revocation list of this authority. */
    public byte[] crl(X509Certificate... revoked) {
        try {
            Date now = new Date();
            JcaX509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(
                            self.certificate, Date.from(now.toInstant().minusSeconds(3600)));
            builder.setNextUpdate(Date.from(now.toInstant().plusSeconds(86_400)));
            for (X509Certificate certificate : revoked) {
                builder.addCRLEntry(certificate.getSerialNumber(), now, CRLReason.keyCompromise);
            }
            return pem(new JcaX509CRLConverter().getCRL(builder.build(signer(self.key))));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An OCSP response of this authority that calls a certificate good.
     *
     * @param nextUpdate null = it does not say
     */
    public byte[] ocsp(X509Certificate about, Instant thisUpdate, Instant nextUpdate) {
        try {
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var issuer = new JcaX509CertificateHolder(self.certificate);
            var builder =
                    new BasicOCSPRespBuilder(new RespID(issuer.getSubject()))
                            .addResponse(
                                    new CertificateID(
                                            digests.get(CertificateID.HASH_SHA1),
                                            issuer,
                                            about.getSerialNumber()),
                                    CertificateStatus.GOOD,
                                    Date.from(thisUpdate),
                                    nextUpdate == null ? null : Date.from(nextUpdate));
            BasicOCSPResp basic = builder.build(signer(self.key), null, Date.from(thisUpdate));
            return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
        } catch (GeneralSecurityException
                | OCSPException
                | OperatorCreationException
                | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a responder says that cannot answer now. */
    public static byte[] ocspTryLater() {
        try {
            return new OCSPRespBuilder().build(OCSPRespBuilder.TRY_LATER, null).getEncoded();
        } catch (OCSPException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Collects what a leaf is to carry. */
    public final class Leaf {

        private final String subject;
        private final List<GeneralName> names = new ArrayList<>();
        private KeyPair keys = ecKeys();
        private boolean mustStaple;
        private Instant from = Instant.now().minus(Duration.ofHours(1));
        private Instant until = Instant.now().plus(Duration.ofDays(1));
        private List<KeyPurposeId> purposes =
                List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);

        private Leaf(String subject) {
            this.subject = subject;
        }

        public Leaf dns(String name) {
            names.add(new GeneralName(GeneralName.dNSName, name));
            return this;
        }

        public Leaf uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Leaf ip(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        public Leaf email(String address) {
            names.add(new GeneralName(GeneralName.rfc822Name, address));
            return this;
        }

        public Leaf other(String oid, String value) {
            ASN1EncodableVector content = new ASN1EncodableVector();
            content.add(new ASN1ObjectIdentifier(oid));
            content.add(new DERTaggedObject(true, 0, new DERUTF8String(value)));
            names.add(new GeneralName(GeneralName.otherName, new DERSequence(content)));
            return this;
        }

        /** Demands a stapled OCSP response (RFC 7633). */
        public Leaf mustStaple() {
            mustStaple = true;
            return this;
        }

        public Leaf rsa() {
            keys = rsaKeys();
            return this;
        }

        public Leaf expired() {
            from = Instant.now().minus(Duration.ofDays(2));
            until = Instant.now().minus(Duration.ofDays(1));
            return this;
        }

        public Leaf notYetValid() {
            from = Instant.now().plus(Duration.ofDays(1));
            until = Instant.now().plus(Duration.ofDays(2));
            return this;
        }

        public Leaf serverOnly() {
            purposes = List.of(KeyPurposeId.id_kp_serverAuth);
            return this;
        }

        public Issued issue() {
            Request request = new Request(subject, keys);
            request.names = names;
            request.from = from;
            request.until = until;
            request.purposes = purposes;
            request.mustStaple = mustStaple;
            X509Certificate certificate = sign(request, TestCertificates.this.subject(), self.key);
            List<X509Certificate> chain = new ArrayList<>();
            if (!isRoot()) {
                chain.add(self.certificate);
            }
            return new Issued(certificate, keys.getPrivate(), chain);
        }
    }

    private boolean isRoot() {
        return self.certificate
                .getSubjectX500Principal()
                .equals(self.certificate.getIssuerX500Principal());
    }

    private static final class Request {
        final String subject;
        final KeyPair keys;
        boolean authority;
        boolean mustStaple;
        List<GeneralName> names = List.of();
        List<KeyPurposeId> purposes = List.of();
        Instant from = Instant.now().minus(Duration.ofHours(1));
        Instant until = Instant.now().plus(Duration.ofDays(1));

        Request(String subject, KeyPair keys) {
            this.subject = subject;
            this.keys = keys;
        }

        Request authority() {
            authority = true;
            return this;
        }
    }

    private static X509Certificate sign(Request request, X500Name issuer, PrivateKey issuerKey) {
        try {
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            issuer,
                            BigInteger.valueOf(SERIALS.getAndIncrement()),
                            Date.from(request.from),
                            Date.from(request.until),
                            new X500Name(request.subject),
                            request.keys.getPublic());
            builder.addExtension(
                    Extension.basicConstraints, true, new BasicConstraints(request.authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            request.authority
                                    ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                                    : KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            if (!request.purposes.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(request.purposes.toArray(new KeyPurposeId[0])));
            }
            if (request.mustStaple) {
                builder.addExtension(TLS_FEATURE, false, new DERSequence(new ASN1Integer(5)));
            }
            if (!request.names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(request.names.toArray(new GeneralName[0])));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(signer(issuerKey)));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder(
                        key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA")
                .build(key);
    }

    private static KeyPair ecKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair rsaKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] pem(Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}

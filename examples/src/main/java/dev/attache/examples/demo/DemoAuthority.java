package dev.attache.examples.demo;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as the demo. */
final class DemoAuthority {

    /** A certificate and its key as PEM. */
    record Identity(String certificate, String key, String serial) {}

    private static final X500Name ISSUER = new X500Name("CN=Attache demo CA");
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys;
    private final X509Certificate certificate;

    DemoAuthority() {
        this.keys = newKeys();
        this.certificate = sign(ISSUER, keys, null);
    }

    String rootPem() {
        return pem(certificate);
    }

    /** A new key and certificate for a SPIFFE id. */
    Identity issue(String spiffeId) {
        KeyPair own = newKeys();
        X509Certificate leaf = sign(new X500Name("O=demo"), own, spiffeId);
        return new Identity(
                pem(leaf), privateKeyPem(own), leaf.getSerialNumber().toString(16).substring(0, 8));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    private X509Certificate sign(
            X500Name subject, KeyPair own, @org.jspecify.annotations.Nullable String spiffeId) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            ISSUER,
                            new BigInteger(120, random),
                            Date.from(now.minusSeconds(60)),
                            Date.from(now.plus(LIFETIME)),
                            subject,
                            own.getPublic());
            builder.addExtension(
                    Extension.basicConstraints, true, new BasicConstraints(spiffeId == null));
            if (spiffeId != null) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        true,
                        new GeneralNames(
                                new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(X509Certificate certificate) {
        return write(certificate);
    }

    private static String privateKeyPem(KeyPair keys) {
        try {
            return write(new JcaPKCS8Generator(keys.getPrivate(), null).generate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}

package dev.attache.conformance;

import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of the cases, made once per run: an authority {@code ca}, a second one nobody
 * trusts ({@code other-ca}), and leaves {@code server}, {@code server-rsa}, {@code server2}, {@code
 * client}, {@code client-other}, {@code upstream}, {@code expired}, {@code soon} (ends in three
 * days) and {@code svid-*}. Files are {@code NAME.pem} and {@code NAME.key}.
 */
public final class Certificates {
    private record Issued(X509Certificate certificate, PrivateKey key, Issuer issuer) {}

    private record Issuer(X500Principal name, PrivateKey key, X509Certificate certificate) {}

    private final Path directory;
    private final Map<String, Issued> issued = new LinkedHashMap<>();
    private long serial = 4096;
    private @Nullable KeyPurposeId purpose;
    private boolean sayingItsUse;

    public Certificates(Path directory) throws GeneralSecurityException, IOException {
        this.directory = directory;
        Issuer ca = authority("ca");
        Issuer other = authority("other-ca");
        Instant later = Instant.now().plus(Duration.ofDays(30));
        leaf("server", ca, later, dns("server.test"), dns("*.wild.test"), ip("127.0.0.1"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        leaf("server-rsa", rsa.generateKeyPair(), ca, later, dns("server.test"));
        leaf("server2", ca, later, dns("second.test"), uri("spiffe://mesh.test/ns/b/sa/second"));
        leaf("client", ca, later, uri("spiffe://mesh.test/ns/a/sa/client"), dns("client.test"));
        leaf("client-other", other, later, uri("spiffe://mesh.test/ns/a/sa/client"));
        leaf("upstream", ca, later, dns("upstream.test"), uri("spiffe://mesh.test/ns/u/sa/up"));
        leaf("expired", ca, Instant.now().minus(Duration.ofDays(1)), dns("expired.test"));
        identities(ca, other, later);
        stapling();
        leaf("soon", ca, Instant.now().plus(Duration.ofDays(3)), dns("soon.test"));
    }

    /**
     * What SPIFFE's validator tells apart: {@code svid-*} and the authority {@code mid} below
     * {@code ca}, which is a leaf too.
     */
    private void identities(Issuer ca, Issuer other, Instant later)
            throws GeneralSecurityException, IOException {
        GeneralName own = uri("spiffe://mesh.test/ns/a/sa/client");
        sayingItsUse = true;
        leaf("svid", ca, later, own, dns("client.test"));
        leaf("svid-second", ca, later, uri("spiffe://mesh.test/ns/b/sa/second"));
        leaf("svid-up", ca, later, dns("upstream.test"), uri("spiffe://mesh.test/ns/u/sa/up"));
        leaf("svid-elsewhere", ca, later, uri("spiffe://elsewhere.test/client"));
        leaf("svid-other", other, later, uri("spiffe://other.test/client"));
        leaf("svid-no-path", ca, later, uri("spiffe://mesh.test"));
        leaf("svid-two", ca, later, uri("https://mesh.test/"), own);
        leaf("svid-expired", ca, Instant.now().minus(Duration.ofDays(1)), own);
        KeyPair pair = pair();
        X500Principal subject = new X500Principal("CN=mid,O=Conformance");
        X509Certificate mid = sign(subject, pair, ca, later, true, own);
        write("mid", mid, pair.getPrivate());
        issued.put("mid", new Issued(mid, pair.getPrivate(), ca));
        leaf("svid-mid", new Issuer(subject, pair.getPrivate(), mid), later, own);
        purpose = KeyPurposeId.id_kp_serverAuth;
        leaf("svid-server", ca, later, own);
        purpose = null;
        sayingItsUse = false;
    }

    /** Two leaves of one authority, and OCSP responses about the first ({@code staple}). */
    private void stapling() throws IOException {
        TestCertificates ca = TestCertificates.authority("CN=stapling");
        TestCertificates.Issued leaf = ca.leaf("CN=staple").dns("server.test").issue();
        TestCertificates.Issued demanding =
                ca.leaf("CN=must-staple").dns("server.test").mustStaple().issue();
        Files.write(chain("staple"), leaf.chainPem());
        Files.write(key("staple"), leaf.keyPem());
        Files.write(chain("must-staple"), demanding.chainPem());
        Files.write(key("must-staple"), demanding.keyPem());
        Instant now = Instant.now();
        Instant yesterday = now.minus(Duration.ofDays(1));
        Instant tomorrow = now.plus(Duration.ofDays(1));
        Files.write(ocsp("good"), ca.ocsp(leaf.certificate(), yesterday, tomorrow));
        Files.write(
                ocsp("expired"),
                ca.ocsp(leaf.certificate(), yesterday, now.minus(Duration.ofHours(1))));
        Files.write(ocsp("endless"), ca.ocsp(leaf.certificate(), yesterday, null));
        Files.write(
                ocsp("future"),
                ca.ocsp(leaf.certificate(), tomorrow, tomorrow.plus(Duration.ofDays(1))));
        Files.write(ocsp("foreign"), ca.ocsp(demanding.certificate(), yesterday, tomorrow));
        Files.write(ocsp("failed"), TestCertificates.ocspTryLater());
    }

    Path ocsp(String name) {
        return directory.resolve(name + ".ocsp");
    }

    Path chain(String name) {
        return directory.resolve(name + ".pem");
    }

    Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** A JDK context that presents this certificate (or none) and trusts every peer. */
    SSLContext context(@Nullable String name) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = null;
        if (name != null) {
            Issued own = issued.get(name);
            if (own == null) {
                throw new IllegalArgumentException("no certificate is called " + name);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = {own.certificate(), own.issuer().certificate()};
            store.setKeyEntry("own", own.key(), new char[0], chain);
            keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
        }
        context.init(
                keys == null ? null : keys.getKeyManagers(),
                new TrustManager[] {new TrustEveryone()},
                null);
        return context;
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    private Issuer authority(String name) throws GeneralSecurityException, IOException {
        KeyPair pair = pair();
        X500Principal subject = new X500Principal("CN=" + name + ",O=Conformance");
        Issuer self = new Issuer(subject, pair.getPrivate(), null);
        X509Certificate certificate =
                sign(subject, pair, self, Instant.now().plus(Duration.ofDays(60)), true);
        write(name, certificate, pair.getPrivate());
        return new Issuer(subject, pair.getPrivate(), certificate);
    }

    private void leaf(String name, Issuer issuer, Instant until, GeneralName... names)
            throws GeneralSecurityException, IOException {
        leaf(name, pair(), issuer, until, names);
    }

    private void leaf(String name, KeyPair pair, Issuer issuer, Instant until, GeneralName... names)
            throws GeneralSecurityException, IOException {
        X500Principal subject = new X500Principal("CN=" + name + ",OU=Leaf,O=Conformance");
        X509Certificate certificate = sign(subject, pair, issuer, until, false, names);
        write(name, certificate, pair.getPrivate());
        issued.put(name, new Issued(certificate, pair.getPrivate(), issuer));
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
        return generator.generateKeyPair();
    }

    private X509Certificate sign(
            X500Principal subject,
            KeyPair pair,
            Issuer issuer,
            Instant until,
            boolean authority,
            GeneralName... names)
            throws GeneralSecurityException, IOException {
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer.name(),
                        BigInteger.valueOf(serial++),
                        Date.from(Instant.now().minus(Duration.ofDays(3))),
                        Date.from(until),
                        subject,
                        pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        if (sayingItsUse && !authority) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        }
        if (purpose != null) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        }
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(issuer.key())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private void write(String name, X509Certificate certificate, PrivateKey key)
            throws IOException {
        Files.writeString(chain(name), pem(certificate));
        String encoded =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        Files.writeString(
                key(name),
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
    }

    private static String pem(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        }
        return text.toString();
    }

    /** The cases judge what the proxy verifies; their own ends accept everything. */
    private static final class TrustEveryone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

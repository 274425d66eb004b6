package dev.attache.agent.identity;

import dev.attache.agent.environment.GoDuration;
import dev.attache.agent.identity.ca.CertificateAuthority;
import dev.attache.agent.identity.ca.SignedCertificate;
import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.PrivateKeys;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one identity: a new key, a request, the authority's answer, which is checked before it
 * counts.
 */
record Certification(
        IdentitySettings settings, CertificateAuthority authority, InstantSource clock) {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");

    Identity make() throws IOException {
        long began = System.nanoTime();
        KeyPair key = settings.key().generate();
        String request = SigningRequest.of(key, settings.key().signature(), settings.name());
        Identity identity = identity(key, authority.sign(request, settings.validity()));
        LOG.atInfo()
                .addKeyValue("resourceName", "default")
                .addKeyValue(
                        "latency", GoDuration.print(Duration.ofNanos(System.nanoTime() - began)))
                .addKeyValue(
                        "ttl",
                        GoDuration.print(Duration.between(clock.instant(), identity.expires())))
                .log("generated new workload certificate");
        return identity;
    }

    private Identity identity(KeyPair key, SignedCertificate signed) throws IOException {
        List<String> chain = new ArrayList<>();
        List<String> roots = new ArrayList<>();
        signed.chain().forEach(part -> chain.addAll(Certificates.split(part)));
        signed.roots().forEach(part -> roots.addAll(Certificates.split(part)));
        try {
            X509Certificate own = Certificates.readAll(Certificates.join(chain)).getFirst();
            if (!own.getPublicKey().equals(key.getPublic())) {
                throw new IOException(
                        authority.name() + " signed another key than the one it was shown");
            }
            Instant expires = own.getNotAfter().toInstant();
            if (expires.isBefore(clock.instant())) {
                throw new IOException(
                        authority.name()
                                + " signed a certificate that expired at "
                                + expires
                                + ", by the clock here, which is "
                                + clock.instant()
                                + ": set the clocks right (`timedatectl`)");
            }
            Certificates.readAll(Certificates.join(roots));
            return new Identity(
                    PrivateKeys.write(key.getPrivate(), settings.key().pkcs8()),
                    chain,
                    roots,
                    clock.instant(),
                    expires);
        } catch (CertificateException e) {
            throw new IOException(
                    authority.name() + " answered what is no certificate: " + e.getMessage(), e);
        }
    }
}

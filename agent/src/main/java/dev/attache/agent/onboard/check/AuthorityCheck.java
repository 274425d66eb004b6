package dev.attache.agent.onboard.check;

import dev.attache.agent.control.ConnectionFailure;
import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.IdentitySettings;
import dev.attache.agent.identity.SigningRequest;
import dev.attache.agent.identity.ca.CertificateAuthority;
import dev.attache.agent.identity.ca.IstioAuthority;
import dev.attache.agent.identity.ca.SignedCertificate;
import dev.attache.agent.identity.ca.VaultAuthority;
import dev.attache.agent.identity.ca.VaultException;
import dev.attache.agent.identity.ca.VaultSettings;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.PrivateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Has a certificate signed, as the agent will, and looks at what comes back. The key is of this
 * check alone and is thrown away with the directory.
 */
record AuthorityCheck(Environment environment, AgentFiles files, Findings findings) {
    private static final Duration ISSUED_BEFORE = Duration.ofMinutes(2);
    private static final Duration TOLERATED = Duration.ofSeconds(60);

    /** What the authority gave. */
    X509Certificate sign(ControlPlane istiod) throws CheckFailure {
        boolean vault = environment.text("CA_PROVIDER", "").equals("Vault");
        KeyPair key;
        SignedCertificate signed;
        try (CertificateAuthority authority = authority(vault, istiod)) {
            IdentitySettings settings = IdentitySettings.of(environment, files);
            key = settings.key().generate(); // of the agent's kind: roles of Vault want one
            String request = SigningRequest.of(key, settings.key().signature(), settings.name());
            signed = authority.sign(request, settings.validity());
        } catch (IOException e) {
            throw refused(istiod, vault, e);
        } catch (IllegalArgumentException e) {
            throw new CheckFailure(
                    Subject.AUTHORITY,
                    String.valueOf(e.getMessage()),
                    "set that variable (--env NAME=VALUE, or cluster.env), or leave it out");
        }
        try {
            X509Certificate own =
                    Certificates.readAll(Certificates.join(signed.chain())).getFirst();
            judge(own, Instant.now(), vault);
            roots(signed);
            if (vault) {
                keep(key, signed);
            }
            return own;
        } catch (CertificateException | IOException e) {
            throw new CheckFailure(
                    Subject.AUTHORITY,
                    "the authority answered what is no certificate: " + e.getMessage(),
                    "check that its address is that of a certificate authority of a mesh");
        }
    }

    private CertificateAuthority authority(boolean vault, ControlPlane istiod) {
        AgentMetrics metrics = new AgentMetrics();
        return vault
                ? new VaultAuthority(VaultSettings.of(environment, files), metrics)
                : new IstioAuthority(
                        istiod, environment.text("ISTIO_META_CERT_SIGNER", ""), metrics);
    }

    private static CheckFailure refused(ControlPlane istiod, boolean vault, IOException e) {
        if (e instanceof VaultException refusal) {
            return new CheckFailure(
                    Subject.AUTHORITY,
                    "no certificate is signed: " + refusal.what(),
                    refusal.remedy());
        }
        if (vault) {
            return new CheckFailure(
                    Subject.AUTHORITY,
                    "no certificate is signed: " + e.getMessage(),
                    "look at Vault's log at this moment");
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        ConnectionFailure failure = ConnectionFailure.of(istiod, cause);
        return new CheckFailure(
                failure.kind() == ConnectionFailure.Kind.UNAUTHENTICATED
                        ? Subject.CREDENTIAL
                        : Subject.AUTHORITY,
                "no certificate is signed: " + failure.words(),
                switch (failure.kind()) {
                    case UNAUTHENTICATED ->
                            "the token or certificate is of another mesh, of another audience than"
                                    + " istiod's (TOKEN_AUDIENCES), or its account is gone: make a"
                                    + " new token with `kubectl create token ACCOUNT -n NAMESPACE"
                                    + " --audience istio-ca`";
                    case FORBIDDEN ->
                            "istiod's log says why; the account may not have certificates signed";
                    case NAME_UNKNOWN, REFUSED, UNREACHABLE, TLS_NAME ->
                            "CA_ADDR (cluster.env, --env) names who signs: mend it, or leave it out"
                                    + " where the control plane signs";
                    default ->
                            "look at istiod's log at this moment; CA_ADDR names another authority if"
                                    + " istiod does not sign";
                });
    }

    private void judge(X509Certificate own, Instant now, boolean vault) throws CheckFailure {
        Instant from = own.getNotBefore().toInstant();
        Instant until = own.getNotAfter().toInstant();
        String name = ServerCertificate.spiffe(own);
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new CheckFailure(
                    Subject.CLOCK,
                    "a certificate that was signed just now is valid from %s to %s, and this clock says %s"
                            .formatted(from, until, now),
                    "set this machine's clock (`timedatectl`, `chronyc tracking`)");
        }
        Duration ahead = Duration.between(from.plus(ISSUED_BEFORE), now);
        if (!vault && ahead.abs().compareTo(TOLERATED) > 0) {
            findings.doubt(
                    Subject.CLOCK,
                    "this clock and istiod's are some %d s apart".formatted(ahead.toSeconds()));
        }
        String wanted =
                "/ns/"
                        + environment.text("POD_NAMESPACE", "")
                        + "/sa/"
                        + environment.text("SERVICE_ACCOUNT", "");
        if (!name.endsWith(wanted)) {
            throw new CheckFailure(
                    Subject.IDENTITY,
                    "the authority gives the identity "
                            + name
                            + ", but this workload is to be "
                            + wanted.substring(1),
                    "give the --namespace and --service-account of the token or certificate, or a"
                            + " token of these: istiod refuses the proxy otherwise");
        }
        findings.good(
                Subject.AUTHORITY,
                "signed " + name + " for " + Duration.between(now, until).toHours() + " h");
    }

    private void roots(SignedCertificate signed) throws CertificateException, IOException {
        Path given = files.at("etc/certs/root-cert.pem");
        List<X509Certificate> ours = Certificates.readAll(Files.readString(given));
        for (X509Certificate root : Certificates.readAll(Certificates.join(signed.roots()))) {
            if (!ours.contains(root)) {
                findings.doubt(
                        Subject.AUTHORITY,
                        "workloads are checked with another root than the control plane: "
                                + ServerCertificate.name(root));
            }
        }
    }

    /** Where no istiod signs, what was signed is what the control plane is shown. */
    private void keep(KeyPair key, SignedCertificate signed) throws IOException {
        List<String> chain = new ArrayList<>(signed.chain());
        Path directory = files.at("etc/certs");
        if (!Files.exists(directory.resolve("key.pem"))) {
            Files.writeString(directory.resolve("cert-chain.pem"), Certificates.join(chain));
            Files.writeString(
                    directory.resolve("key.pem"), PrivateKeys.write(key.getPrivate(), true));
        }
    }
}

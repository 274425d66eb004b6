package dev.attache.proxy.tls.x509;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Builds and checks a chain from a peer's leaf to one of the trusted certificates, with OpenSSL's
 * rules (any trusted certificate may end a chain, not only a root) and OpenSSL's words for what is
 * wrong. Immutable, any thread; CPU only, no I/O.
 */
public final class ChainVerifier {

    /** What is wrong with a chain: OpenSSL's error number and text, and the depth (0 = leaf). */
    public record Failure(int code, int depth, String text) {

        /** As Envoy says it. */
        public String words() {
            return "X509_verify_cert: certificate verification error at depth "
                    + depth
                    + ": "
                    + text;
        }
    }

    private static final String CRL_FAILED =
            "certificate revocation check against provided CRLs failed: ";
    private static final int MAX_CANDIDATES = 64;

    private final Map<X500Principal, List<X509Certificate>> anchors = new HashMap<>();
    private final @Nullable CertStore crls;
    private final boolean onlyLeafCrl;
    private final boolean allowExpired;
    private final int maxDepth;
    private final boolean rootsOnly;

    /**
     * @param crls null = revocation is not looked at; empty = and so every chain fails
     */
    public ChainVerifier(
            List<X509Certificate> trusted,
            @Nullable List<X509CRL> crls,
            boolean onlyLeafCrl,
            boolean allowExpired,
            int maxDepth)
            throws GeneralSecurityException {
        this(trusted, crls, onlyLeafCrl, allowExpired, maxDepth, false);
    }

    private ChainVerifier(
            List<X509Certificate> trusted,
            @Nullable List<X509CRL> crls,
            boolean onlyLeafCrl,
            boolean allowExpired,
            int maxDepth,
            boolean rootsOnly)
            throws GeneralSecurityException {
        this.rootsOnly = rootsOnly;
        for (X509Certificate anchor : trusted) {
            anchors.computeIfAbsent(anchor.getSubjectX500Principal(), k -> new ArrayList<>(1))
                    .add(anchor);
        }
        this.crls =
                crls == null
                        ? null
                        : CertStore.getInstance(
                                "Collection", new CollectionCertStoreParameters(crls));
        this.onlyLeafCrl = onlyLeafCrl;
        this.allowExpired = allowExpired;
        this.maxDepth = maxDepth;
    }

    /**
     * One that ends a chain at a trusted root only, not at any trusted certificate, and does not
     * ask what a certificate may be used for: Envoy's validator of SPIFFE.
     */
    public static ChainVerifier ofRoots(
            List<X509Certificate> trusted,
            @Nullable List<X509CRL> crls,
            boolean allowExpired,
            int maxDepth)
            throws GeneralSecurityException {
        return new ChainVerifier(trusted, crls, false, allowExpired, maxDepth, true);
    }

    /** Null when the chain holds. */
    public @Nullable Failure verify(List<X509Certificate> presented, boolean peerIsServer) {
        X509Certificate leaf = presented.getFirst();
        List<X509Certificate> path = new ArrayList<>();
        path.add(leaf);
        boolean itself = isAnchor(leaf) && (!rootsOnly || selfIssued(leaf));
        X509Certificate anchor = itself ? leaf : extend(path, presented);
        if (anchor == null) {
            return noIssuer(path);
        }
        if (path.size() - 1 > maxDepth) {
            return new Failure(22, maxDepth + 1, "certificate chain too long");
        }
        Failure wrong = validity(anchor, anchor == leaf ? 0 : path.size());
        if (wrong == null) {
            wrong = anchor == leaf ? null : validate(path, anchor);
        }
        return wrong != null || rootsOnly ? wrong : purpose(leaf, peerIsServer);
    }

    private boolean isAnchor(X509Certificate certificate) {
        return anchors.getOrDefault(certificate.getSubjectX500Principal(), List.of())
                .contains(certificate);
    }

    /** Adds issuers to {@code path} until a trusted one is found; null when there is none. */
    private @Nullable X509Certificate extend(
            List<X509Certificate> path, List<X509Certificate> presented) {
        int steps = Math.min(presented.size(), MAX_CANDIDATES);
        for (int step = 0; step < steps + 1; step++) {
            X509Certificate last = path.getLast();
            X509Certificate anchor = issuer(last, anchors.get(last.getIssuerX500Principal()));
            if (anchor != null && (!rootsOnly || selfIssued(anchor))) {
                return anchor;
            }
            X509Certificate next = anchor != null ? anchor : issuer(last, presented);
            if (next == null || path.contains(next)) {
                return null;
            }
            path.add(next);
        }
        return null;
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate subject, @Nullable List<X509Certificate> candidates) {
        if (candidates == null) {
            return null;
        }
        int tried = 0;
        for (X509Certificate candidate : candidates) {
            if (candidate != subject
                    && candidate.getSubjectX500Principal().equals(subject.getIssuerX500Principal())
                    && tried++ < MAX_CANDIDATES
                    && signed(subject, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean signed(X509Certificate subject, X509Certificate issuer) {
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // Another key under the same name, as after a CA rotation: not this one.
            return false;
        }
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private Failure noIssuer(List<X509Certificate> path) {
        X509Certificate last = path.getLast();
        int depth = path.size() - 1;
        if (rootsOnly && isAnchor(last)) {
            return new Failure(2, depth, "unable to get issuer certificate");
        }
        if (selfIssued(last)) {
            return depth == 0
                    ? new Failure(18, 0, "self signed certificate")
                    : new Failure(19, depth, "self signed certificate in certificate chain");
        }
        return new Failure(20, depth, "unable to get local issuer certificate");
    }

    private @Nullable Failure validity(X509Certificate certificate, int depth) {
        long now = System.currentTimeMillis();
        if (allowExpired) {
            return null;
        }
        if (certificate.getNotAfter().getTime() < now) {
            return new Failure(10, depth, "certificate has expired");
        }
        if (certificate.getNotBefore().getTime() > now) {
            return new Failure(9, depth, "certificate is not yet valid");
        }
        return null;
    }

    private @Nullable Failure validate(List<X509Certificate> path, X509Certificate anchor) {
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            if (allowExpired) {
                parameters.setDate(latestStart(path));
            }
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            if (crls != null) {
                parameters.addCertStore(crls);
                parameters.addCertPathChecker(revocation(validator));
            }
            validator.validate(certPath, parameters);
            return null;
        } catch (CertPathValidatorException e) {
            return translate(e);
        } catch (GeneralSecurityException e) {
            return new Failure(1, 0, "unspecified certificate verification error");
        }
    }

    private PKIXRevocationChecker revocation(CertPathValidator validator) {
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        EnumSet<PKIXRevocationChecker.Option> options =
                EnumSet.of(
                        PKIXRevocationChecker.Option.PREFER_CRLS,
                        PKIXRevocationChecker.Option.NO_FALLBACK);
        if (onlyLeafCrl) {
            options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
        }
        checker.setOptions(options);
        return checker;
    }

    private static Date latestStart(List<X509Certificate> path) {
        Date latest = path.getFirst().getNotBefore();
        for (X509Certificate certificate : path) {
            if (certificate.getNotBefore().after(latest)) {
                latest = certificate.getNotBefore();
            }
        }
        return latest;
    }

    private static Failure translate(CertPathValidatorException e) {
        int depth = Math.max(e.getIndex(), 0);
        return switch (e.getReason()) {
            case BasicReason.EXPIRED -> new Failure(10, depth, "certificate has expired");
            case BasicReason.NOT_YET_VALID -> new Failure(9, depth, "certificate is not yet valid");
            case BasicReason.REVOKED -> new Failure(23, depth, CRL_FAILED + "certificate revoked");
            case BasicReason.UNDETERMINED_REVOCATION_STATUS ->
                    new Failure(3, depth, CRL_FAILED + "unable to get certificate CRL");
            case BasicReason.INVALID_SIGNATURE ->
                    new Failure(7, depth, "certificate signature failure");
            case BasicReason.ALGORITHM_CONSTRAINED ->
                    new Failure(68, depth, "CA signature digest algorithm too weak");
            case PKIXReason.NOT_CA_CERT -> new Failure(24, depth, "invalid CA certificate");
            case PKIXReason.INVALID_KEY_USAGE ->
                    new Failure(32, depth, "key usage does not include certificate signing");
            case PKIXReason.PATH_TOO_LONG ->
                    new Failure(25, depth, "path length constraint exceeded");
            case PKIXReason.INVALID_NAME -> new Failure(47, depth, "permitted subtree violation");
            case PKIXReason.UNRECOGNIZED_CRIT_EXT ->
                    new Failure(34, depth, "unhandled critical extension");
            default -> new Failure(1, depth, "unspecified certificate verification error");
        };
    }

    /** The leaf may be used for what it is used for: OpenSSL's purpose check. */
    private static @Nullable Failure purpose(X509Certificate leaf, boolean server) {
        boolean fits;
        try {
            List<String> extended = leaf.getExtendedKeyUsage();
            String wanted = server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
            fits =
                    extended == null
                            || extended.contains(wanted)
                            || extended.contains("2.5.29.37.0");
        } catch (GeneralSecurityException e) {
            fits = false;
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null) {
            // digitalSignature, or for servers keyEncipherment, or keyAgreement.
            fits &= usage[0] || usage[4] || (server && usage[2]);
        }
        return fits ? null : new Failure(26, 0, "unsupported certificate purpose");
    }
}

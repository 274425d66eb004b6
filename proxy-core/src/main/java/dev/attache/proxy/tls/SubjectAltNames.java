package dev.attache.proxy.tls;

import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.x509.CertificateReader;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** The names of a certificate beside its subject, as Envoy's matchers see them. Pure. */
public final class SubjectAltNames {

    private SubjectAltNames() {}

    /** Whether one of the names is of the matcher's kind and matches it. */
    public static boolean match(X509Certificate leaf, SanMatcher matcher) {
        return switch (matcher.type()) {
            case EMAIL -> any(CertificateReader.sans(leaf, 1), matcher);
            case DNS -> anyDns(CertificateReader.sans(leaf, 2), matcher);
            case URI -> any(CertificateReader.sans(leaf, 6), matcher);
            case IP_ADDRESS -> any(CertificateReader.sans(leaf, 7), matcher);
            case OTHER_NAME -> anyOther(leaf, matcher);
        };
    }

    /** Whether one of the matchers matches one of the names. */
    static boolean matchesOne(X509Certificate leaf, List<SanMatcher> matchers) {
        for (SanMatcher matcher : matchers) {
            if (match(leaf, matcher)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(List<String> sans, SanMatcher matcher) {
        for (String san : sans) {
            if (matcher.matcher().matchesText(san)) {
                return true;
            }
        }
        return false;
    }

    /** An exact DNS matcher also accepts a certificate's wildcard. */
    private static boolean anyDns(List<String> sans, SanMatcher matcher) {
        if (matcher.matcher() instanceof StringMatcher.Exact exact) {
            for (String san : sans) {
                if (PeerVerifier.dnsMatches(exact.value(), san)) {
                    return true;
                }
            }
            return false;
        }
        return any(sans, matcher);
    }

    private static boolean anyOther(X509Certificate leaf, SanMatcher matcher) {
        Collection<List<?>> sans;
        try {
            sans = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        if (sans == null) {
            return false;
        }
        for (List<?> san : sans) {
            if (Integer.valueOf(0).equals(san.get(0)) && san.get(1) instanceof byte[] der) {
                CertificateReader.OtherName other = CertificateReader.OtherName.parse(der);
                if (other != null
                        && other.oid().equals(matcher.oid())
                        && matcher.matcher().matchesText(other.value())) {
                    return true;
                }
            }
        }
        return false;
    }
}

package dev.attache.proxy.tls.secret;

import java.util.List;

/**
 * {@code SPIFFECertValidatorConfig}: whose certificates are checked with what. Immutable.
 *
 * @param domains in the order of the configuration, each name once; none lets nobody in
 */
public record TrustDomains(List<Domain> domains) {

    public TrustDomains {
        domains = List.copyOf(domains);
    }

    /**
     * One trust domain; nobody writes into the array.
     *
     * @param name without {@code spiffe://}
     * @param bundlePem its authorities, and revocation lists if there are any
     * @param bundleName file name or {@code <inline>}
     */
    public record Domain(String name, byte[] bundlePem, String bundleName) {

        @Override
        public String toString() {
            return "Domain[" + name + ", " + bundleName + "]";
        }
    }
}

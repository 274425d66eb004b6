package dev.attache.proxy.explain;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The certificate that the client of a question shows. Immutable.
 *
 * @param chain leaf first, not empty
 * @param namesAlone the leaf was made up for its names: who signed it is not asked
 */
public record Peer(List<X509Certificate> chain, boolean namesAlone) {

    public Peer {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a peer without a certificate is none");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }
}

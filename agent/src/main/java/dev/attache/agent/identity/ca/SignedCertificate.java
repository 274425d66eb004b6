package dev.attache.agent.identity.ca;

import java.util.List;

/**
 * What an authority gave.
 *
 * @param chain the workload's certificate first, then those above it as the authority gave them;
 *     PEM, one certificate each
 * @param roots what peers are checked with; PEM, one certificate each, at least one
 */
public record SignedCertificate(List<String> chain, List<String> roots) {

    public SignedCertificate {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }
}

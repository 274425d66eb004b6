package dev.attache.agent.identity;

import dev.attache.agent.pem.Certificates;
import java.time.Instant;
import java.util.List;

/**
 * A workload's key and certificate, and the roots they came with. Immutable; any thread. Its text
 * leaves the key out.
 *
 * @param key PEM
 * @param chain PEM, one certificate each, the workload's first, then those above it
 * @param roots PEM, one certificate each: what the authority says its certificates are checked with
 * @param created when it was made, by the clock of this machine
 * @param expires when the workload's certificate expires
 */
public record Identity(
        String key, List<String> chain, List<String> roots, Instant created, Instant expires) {

    public Identity {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    /** The chain as one text. */
    public String chainText() {
        return Certificates.join(chain);
    }

    @Override
    public String toString() {
        return "Identity[created=" + created + ", expires=" + expires + "]";
    }
}

package dev.attache.agent.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the identity. Immutable.
 *
 * @param source who gives it: an authority and its address, files, or a socket
 * @param chain the certificates that are used, the workload's first; empty before the first
 * @param expires when the workload's certificate expires; null before the first
 * @param renewal when the next is to be made; null where that is not this agent's doing
 * @param failures how many attempts have failed since the last that did not
 * @param failure the last of them in words; empty where there is none
 */
public record IdentityState(
        String source,
        List<X509Certificate> chain,
        @Nullable Instant expires,
        @Nullable Instant renewal,
        int failures,
        String failure) {

    public IdentityState {
        chain = List.copyOf(chain);
    }

    /** What is left at a moment; negative when it has expired, null before the first. */
    public @Nullable Duration left(Instant now) {
        return expires == null ? null : Duration.between(now, expires);
    }
}

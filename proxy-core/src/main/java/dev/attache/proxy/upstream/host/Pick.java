package dev.attache.proxy.upstream.host;

/**
 * What a load balancer answers: a {@link Host}, or why there is none. A host is its own answer, so
 * that picking allocates nothing.
 */
public sealed interface Pick permits Host, Pick.None {

    /** No host. */
    enum None implements Pick {
        /** Every host is gone, unhealthy or skipped; the request gets 503 UH. */
        NO_HEALTHY_UPSTREAM
    }
}

package dev.attache.proxy.upstream.spec;

/**
 * How the names of a DNS cluster are resolved; times in milliseconds.
 *
 * @param refreshMillis 5000
 * @param respectTtl refresh when the answer expires instead
 * @param failureBaseMillis first wait after a failure; the refresh rate where unset
 * @param failureMaxMillis largest wait after failures (10 times the base where unset)
 * @param jitterMillis added at random to each refresh
 */
public record DnsSpec(
        LookupFamily family,
        long refreshMillis,
        boolean respectTtl,
        long failureBaseMillis,
        long failureMaxMillis,
        long jitterMillis,
        DnsServers servers) {

    /** {@code dns_lookup_family}. */
    public enum LookupFamily {
        /** IPv6 first, IPv4 where that gives nothing. */
        AUTO,
        V4_ONLY,
        V6_ONLY,
        /** IPv4 first, IPv6 where that gives nothing. */
        V4_PREFERRED,
        /** Both, IPv4 and IPv6 interleaved by the resolver's order. */
        ALL
    }

    public static final DnsSpec DEFAULTS =
            new DnsSpec(LookupFamily.AUTO, 5000, false, 5000, 5000, 0, DnsServers.SYSTEM);
}

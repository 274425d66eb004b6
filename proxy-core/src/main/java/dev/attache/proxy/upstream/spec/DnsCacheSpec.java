package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code DnsCacheConfig} with Envoy's defaults applied: names that requests bring, and their
 * addresses. Immutable; times in milliseconds.
 *
 * @param name stats are {@code dns_cache.<name>.}; one cache for all who name it
 * @param times when names are asked for again
 * @param maxHosts names that are kept at a time
 * @param maxPending requests that wait for names at a time
 * @param preresolved names that are asked for at the start
 * @param filter addresses that do not count, or null
 */
public record DnsCacheSpec(
        String name,
        LookupFamily family,
        DnsServers servers,
        Times times,
        int maxHosts,
        int maxPending,
        List<HostPort> preresolved,
        @Nullable AddressFilter filter) {

    /**
     * @param refresh after an answer without addresses
     * @param minRefresh at least, however short the answer holds
     * @param hostTtl a name that nobody has used for so long is forgotten
     * @param refreshesFailures whether a name is asked for again by itself after a failure
     * @param failureBase first wait after a failure
     * @param failureMax largest wait after failures; the same as the first: all are alike
     * @param query longest wait for an answer, 0 = no limit
     */
    public record Times(
            long refresh,
            long minRefresh,
            long hostTtl,
            boolean refreshesFailures,
            long failureBase,
            long failureMax,
            long query) {}

    /** {@code resolved_address_filter}: the ranges, or with {@code inverted} all but these. */
    public record AddressFilter(List<CidrRange> ranges, boolean inverted) {
        public AddressFilter {
            ranges = List.copyOf(ranges);
        }
    }

    public DnsCacheSpec {
        preresolved = List.copyOf(preresolved);
    }
}

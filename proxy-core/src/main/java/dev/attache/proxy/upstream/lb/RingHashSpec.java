package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.lb.hash.RingTable;

/**
 * {@code envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash}.
 *
 * @param minimumRingSize 1024
 * @param maximumRingSize 8,388,608
 */
public record RingHashSpec(long minimumRingSize, long maximumRingSize, HashFunction function)
        implements LoadBalancerSpec {

    /** {@code hash_function}. */
    public enum HashFunction {
        XX_HASH,
        MURMUR_HASH_2
    }

    public static final RingHashSpec DEFAULTS =
            new RingHashSpec(1024, 8_388_608, HashFunction.XX_HASH);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        boolean useHostname = context.settings().useHostnameForHashing();
        boolean murmur = function == HashFunction.MURMUR_HASH_2;
        return new HashBalancer(
                context,
                members ->
                        RingTable.build(
                                members, minimumRingSize, maximumRingSize, murmur, useHostname));
    }
}

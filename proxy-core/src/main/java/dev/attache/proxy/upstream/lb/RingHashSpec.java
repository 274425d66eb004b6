package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.hash.HashTable;
import dev.attache.proxy.upstream.lb.hash.RingTable;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.upstream.lb.hash.WeightedHost;
import java.util.List;
import java.util.function.Function;

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
        return new HashBalancer(context, builder(context.settings()));
    }

    @Override
    public void prepare(HostSet hosts, LoadBalancingSettings settings, SharedTables tables) {
        HashTables.of(hosts, settings, tables, builder(settings));
    }

    private Function<List<WeightedHost>, HashTable> builder(LoadBalancingSettings settings) {
        boolean useHostname = settings.useHostnameForHashing();
        boolean murmur = function == HashFunction.MURMUR_HASH_2;
        return members ->
                RingTable.build(members, minimumRingSize, maximumRingSize, murmur, useHostname);
    }
}

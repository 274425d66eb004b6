package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.hash.HashTable;
import dev.attache.proxy.upstream.lb.hash.MaglevTable;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.upstream.lb.hash.WeightedHost;
import java.util.List;
import java.util.function.Function;

/**
 * {@code envoy.extensions.load_balancing_policies.maglev.v3.Maglev}.
 *
 * @param tableSize a prime up to 5,000,011; 65537 by default
 */
public record MaglevSpec(int tableSize) implements LoadBalancerSpec {

    public static final MaglevSpec DEFAULTS = new MaglevSpec(65_537);

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
        return members -> MaglevTable.build(members, tableSize, useHostname);
    }
}

package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.lb.hash.MaglevTable;

/**
 * {@code envoy.extensions.load_balancing_policies.maglev.v3.Maglev}.
 *
 * @param tableSize a prime up to 5,000,011; 65537 by default
 */
public record MaglevSpec(int tableSize) implements LoadBalancerSpec {

    public static final MaglevSpec DEFAULTS = new MaglevSpec(65_537);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        boolean useHostname = context.settings().useHostnameForHashing();
        return new HashBalancer(
                context, members -> MaglevTable.build(members, tableSize, useHostname));
    }
}

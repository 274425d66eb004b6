package dev.attache.proxy.upstream.lb;

/**
 * {@code envoy.extensions.load_balancing_policies.maglev.v3.Maglev}.
 *
 * @param tableSize a prime up to 5,000,011; 65537 by default
 */
public record MaglevSpec(int tableSize) implements LoadBalancerSpec {

    public static final MaglevSpec DEFAULTS = new MaglevSpec(65_537);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        throw new UnsupportedOperationException("Maglev follows");
    }
}

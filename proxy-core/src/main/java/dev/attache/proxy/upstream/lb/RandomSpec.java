package dev.attache.proxy.upstream.lb;

/** {@code envoy.extensions.load_balancing_policies.random.v3.Random}: weights do not count. */
public record RandomSpec() implements LoadBalancerSpec {

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        throw new UnsupportedOperationException("random follows");
    }
}

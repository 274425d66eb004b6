package dev.attache.proxy.upstream.lb;

/** {@code envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin}: weighted fair turns. */
public record RoundRobinSpec(SlowStart slowStart) implements LoadBalancerSpec {

    public static final RoundRobinSpec DEFAULTS = new RoundRobinSpec(SlowStart.OFF);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        throw new UnsupportedOperationException("round robin follows");
    }
}

package dev.attache.proxy.upstream.lb;

/**
 * {@code envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest}.
 *
 * @param choiceCount hosts compared per pick where all weights are equal, at least 2
 * @param activeRequestBias how much active requests weigh where weights differ; 0 = not at all
 * @param fullScan every host is compared instead of {@code choiceCount} of them
 */
public record LeastRequestSpec(
        int choiceCount, double activeRequestBias, boolean fullScan, SlowStart slowStart)
        implements LoadBalancerSpec {

    public static final LeastRequestSpec DEFAULTS =
            new LeastRequestSpec(2, 1, false, SlowStart.OFF);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        throw new UnsupportedOperationException("least request follows");
    }
}

package dev.attache.proxy.upstream.lb;

/** {@code CLUSTER_PROVIDED}: the cluster itself chooses, as ORIGINAL_DST does. */
public record ClusterProvidedSpec() implements LoadBalancerSpec {

    /**
     * @throws IllegalStateException always: configuration refuses this policy for clusters that do
     *     not choose themselves, and the others never ask
     */
    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        throw new IllegalStateException("CLUSTER_PROVIDED has no balancer of its own");
    }
}

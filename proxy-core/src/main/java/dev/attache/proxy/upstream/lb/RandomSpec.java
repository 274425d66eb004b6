package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.worker.WorkerContext;

/** {@code envoy.extensions.load_balancing_policies.random.v3.Random}: weights do not count. */
public record RandomSpec() implements LoadBalancerSpec {

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        return new PriorityBalancer(context, new Picker(context.worker()));
    }

    private record Picker(WorkerContext worker) implements HostGroup.Picker {

        @Override
        public Host unweighted(HostGroup group) {
            Host[] hosts = group.hosts;
            return hosts[(int) Long.remainderUnsigned(worker.random(), hosts.length)];
        }

        @Override
        public double weight(Host host) {
            return 1;
        }

        @Override
        public boolean usesWeights() {
            return false;
        }
    }
}

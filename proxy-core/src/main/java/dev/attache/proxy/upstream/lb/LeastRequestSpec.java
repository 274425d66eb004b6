package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.worker.WorkerContext;

/**
 * {@code envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest}. Active requests
 * are counted over all workers.
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
        return new PriorityBalancer(context, new Picker(this, context.worker()));
    }

    private static final class Picker implements HostGroup.Picker {
        private final LeastRequestSpec spec;
        private final WorkerContext worker;
        private boolean young;

        Picker(LeastRequestSpec spec, WorkerContext worker) {
            this.spec = spec;
            this.worker = worker;
        }

        @Override
        public void onHosts(HostSet next) {
            young = spec.slowStart.concerns(next, worker.nanoTime());
        }

        @Override
        public Host unweighted(HostGroup group) {
            return spec.fullScan ? leastOfAll(group.hosts) : leastOfSome(group.hosts);
        }

        private Host leastOfSome(Host[] hosts) {
            Host best = random(hosts);
            long least = active(best);
            for (int i = 1; i < spec.choiceCount; i++) {
                Host other = random(hosts);
                long load = active(other);
                if (load < least) {
                    best = other;
                    least = load;
                }
            }
            return best;
        }

        /** Ties are drawn among all that tie, each with the same chance. */
        private Host leastOfAll(Host[] hosts) {
            Host best = hosts[0];
            long least = active(best);
            int tied = 1;
            for (int i = 1; i < hosts.length; i++) {
                long load = active(hosts[i]);
                if (load < least) {
                    best = hosts[i];
                    least = load;
                    tied = 1;
                } else if (load == least && Long.remainderUnsigned(worker.random(), ++tied) == 0) {
                    best = hosts[i];
                }
            }
            return best;
        }

        private Host random(Host[] hosts) {
            return hosts[(int) Long.remainderUnsigned(worker.random(), hosts.length)];
        }

        private static long active(Host host) {
            return host.stat(HostCells.Stat.RQ_ACTIVE);
        }

        @Override
        public double weight(Host host) {
            double weight = host.weight();
            double bias = spec.activeRequestBias;
            if (bias == 1) {
                weight /= active(host) + 1;
            } else if (bias != 0) {
                weight /= Math.pow(active(host) + 1.0, bias);
            }
            return young ? spec.slowStart.apply(weight, host, worker.nanoTime()) : weight;
        }

        @Override
        public boolean weightsMove() {
            return young;
        }
    }
}

package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.worker.WorkerContext;

/**
 * {@code envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin}: weighted fair turns.
 */
public record RoundRobinSpec(SlowStart slowStart) implements LoadBalancerSpec {

    public static final RoundRobinSpec DEFAULTS = new RoundRobinSpec(SlowStart.OFF);

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        return new PriorityBalancer(context, new Picker(slowStart, context.worker()));
    }

    private static final class Picker implements HostGroup.Picker {
        private final SlowStart slowStart;
        private final WorkerContext worker;
        private boolean young;

        Picker(SlowStart slowStart, WorkerContext worker) {
            this.slowStart = slowStart;
            this.worker = worker;
        }

        @Override
        public void onHosts(HostSet next) {
            young = slowStart.concerns(next, worker.nanoTime());
        }

        @Override
        public Host unweighted(HostGroup group) {
            return group.nextInTurn();
        }

        @Override
        public double weight(Host host) {
            return young ? slowStart.apply(host.weight(), host, worker.nanoTime()) : host.weight();
        }

        @Override
        public boolean weightsMove() {
            return young;
        }
    }
}

package dev.attache.filters.listener.local_ratelimit;

import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;

/**
 * The limit of one version of a listener; its bucket is shared by all workers.
 *
 * @param enabled false: every socket passes, and none takes a token
 */
record LocalRateLimitSpec(String statPrefix, boolean enabled, LocalRateLimiter limiter)
        implements ListenerFilterSpec {

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        String prefix = "listener_local_ratelimit." + statPrefix + ".";
        StatsStore.Hold hold = stats.hold(prefix);
        Cell rateLimited = stats.scope(prefix).counter("rate_limited").cell(worker.index());
        return new OnWorker(new Filter(this, rateLimited, worker), hold);
    }

    private record OnWorker(ListenerFilter shared, StatsStore.Hold hold) implements Factory {
        @Override
        public ListenerFilter newFilter() {
            return shared;
        }

        @Override
        public void close() {
            hold.close();
        }
    }

    /** Without state of its own. Loop-confined. */
    private record Filter(LocalRateLimitSpec spec, Cell rateLimited, WorkerContext worker)
            implements ListenerFilter {
        @Override
        public Status onAccept(Context context) {
            if (!spec.enabled || spec.limiter.allows(worker.nanoTime())) {
                return Status.CONTINUE;
            }
            rateLimited.inc();
            return Status.CLOSE;
        }
    }
}

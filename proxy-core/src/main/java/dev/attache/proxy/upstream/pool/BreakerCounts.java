package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.RetryBudget;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of one cluster over all workers.
 *
 * <p>Global by nature. The price: each worker writes counts of its own with plain stores and reads
 * every worker's when it asks whether more is allowed; a resource without limit is never asked
 * about and costs the store alone. Workers that add at the same instant may overshoot together by
 * one each.
 */
public final class BreakerCounts {

    private enum Kind {
        CONNECTIONS("cx_open", "remaining_cx"),
        PENDING("rq_pending_open", "remaining_pending"),
        REQUESTS("rq_open", "remaining_rq"),
        RETRIES("rq_retry_open", "remaining_retries"),
        POOLS("cx_pool_open", "remaining_cx_pools");

        private final String open;
        private final String remaining;

        Kind(String open, String remaining) {
            this.open = open;
            this.remaining = remaining;
        }
    }

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final Level[] levels;

    /**
     * @param scope {@code cluster.<name>.}
     * @param workers how many there are
     */
    public BreakerCounts(CircuitBreakerSpec spec, Scope scope, int workers) {
        levels =
                new Level[] {
                    new Level(spec.defaultPriority(), scope, Priority.DEFAULT, workers),
                    new Level(spec.highPriority(), scope, Priority.HIGH, workers)
                };
    }

    /** The breaker of one priority as worker {@code index} uses it; keep it. */
    public CircuitBreaker breaker(Priority priority, int index) {
        return new View(levels[priority.ordinal()], index);
    }

    /** How many retries are allowed at this moment: a budget follows what is active. */
    public long maxRetries(Priority priority) {
        return levels[priority.ordinal()].resources[Kind.RETRIES.ordinal()].max();
    }

    /** One priority. */
    private static final class Level {
        private final Counted[] resources = new Counted[Kind.values().length];

        Level(Thresholds limits, Scope cluster, Priority priority, int workers) {
            Scope scope = cluster.scope("circuit_breakers." + priority.text() + ".");
            boolean track = limits.trackRemaining();
            Counted pending =
                    new Counted(Kind.PENDING, limits.maxPendingRequests(), scope, track, workers);
            RetryBudget budget = limits.retryBudget();
            RecentRequests recent =
                    budget == null || budget.intervalMillis() == 0
                            ? null
                            : new RecentRequests(
                                    budget.intervalMillis(), workers, System::nanoTime);
            Counted requests =
                    recent == null
                            ? new Counted(
                                    Kind.REQUESTS, limits.maxRequests(), scope, track, workers)
                            : new Remembered(recent, limits.maxRequests(), scope, track, workers);
            resources[Kind.CONNECTIONS.ordinal()] =
                    new Counted(Kind.CONNECTIONS, limits.maxConnections(), scope, track, workers);
            resources[Kind.PENDING.ordinal()] = pending;
            resources[Kind.REQUESTS.ordinal()] = requests;
            resources[Kind.RETRIES.ordinal()] =
                    budget == null
                            ? new Counted(Kind.RETRIES, limits.maxRetries(), scope, track, workers)
                            : new Budgeted(budget, base(requests, pending, recent), scope, workers);
            resources[Kind.POOLS.ordinal()] =
                    new Counted(Kind.POOLS, limits.maxConnectionPools(), scope, track, workers);
        }

        /** What the percentage of a retry budget is taken of. */
        private static LongSupplier base(
                Counted requests, Counted pending, @Nullable RecentRequests recent) {
            return recent == null ? () -> requests.count() + pending.count() : recent::count;
        }
    }

    /** One thing that is counted, with its gauges. */
    private static class Counted {
        private final Kind kind;
        private final long max;
        private final Scope scope;
        private final long[][] cells;
        private final @Nullable Gauge remaining;
        private @Nullable Gauge openGauge;
        private volatile boolean open;

        Counted(Kind kind, long max, Scope scope, boolean trackRemaining, int workers) {
            this.kind = kind;
            this.max = max;
            this.scope = scope;
            // 16 longs each: no two workers write to one cache line.
            this.cells = new long[workers][16];
            this.remaining = trackRemaining ? scope.gauge(kind.remaining) : null;
            if (remaining != null) {
                remaining.set(left());
            }
        }

        /** What is left of the limit; a connection over it, as each host may have, leaves none. */
        private long left() {
            // Without a limit of its own Envoy allows as many pools as 64 bits can count.
            boolean unlimited = kind == Kind.POOLS && max >= CircuitBreakerSpec.UNLIMITED;
            return unlimited ? -1 - count() : Math.max(0, max - count());
        }

        long max() {
            return max;
        }

        final long count() {
            long sum = 0;
            for (long[] cell : cells) {
                sum += (long) ELEMENT.getOpaque(cell, 0);
            }
            return sum;
        }

        boolean canCreate() {
            return max >= CircuitBreakerSpec.UNLIMITED || count() < max;
        }

        void add(int worker, long delta) {
            long[] cell = cells[worker];
            ELEMENT.setOpaque(cell, 0, cell[0] + delta);
            if (remaining != null) {
                remaining.set(left());
            }
            boolean nowOpen = !canCreate();
            if (nowOpen != open) {
                tellOpen(nowOpen);
            }
        }

        /** Rare: the breaker opens or closes. */
        private synchronized void tellOpen(boolean nowOpen) {
            open = nowOpen;
            Gauge gauge = openGauge;
            if (gauge == null) {
                gauge = scope.gauge(kind.open);
                openGauge = gauge;
            }
            gauge.set(nowOpen ? 1 : 0);
        }
    }

    /** Requests of which those that are over still count for a while. */
    private static final class Remembered extends Counted {
        private final RecentRequests recent;

        Remembered(RecentRequests recent, long max, Scope scope, boolean track, int workers) {
            super(Kind.REQUESTS, max, scope, track, workers);
            this.recent = recent;
        }

        @Override
        void add(int worker, long delta) {
            if (delta > 0) {
                recent.add(worker);
            }
            super.add(worker, delta);
        }
    }

    /** Retries under a budget: the limit follows the requests. */
    private static final class Budgeted extends Counted {
        private final RetryBudget budget;
        private final LongSupplier base;

        /**
         * @param base how many requests the percentage is of
         */
        Budgeted(RetryBudget budget, LongSupplier base, Scope scope, int workers) {
            super(Kind.RETRIES, 0, scope, false, workers);
            this.budget = budget;
            this.base = base;
        }

        @Override
        long max() {
            return Math.max(
                    budget.minConcurrency(), (long) (budget.percent() / 100 * base.getAsLong()));
        }

        @Override
        boolean canCreate() {
            return count() < max();
        }
    }

    /** One worker's view of one priority. */
    private static final class View implements CircuitBreaker {
        private final Resource[] resources = new Resource[Kind.values().length];

        View(Level level, int worker) {
            for (int i = 0; i < resources.length; i++) {
                resources[i] = new WorkerResource(level.resources[i], worker);
            }
        }

        @Override
        public Resource connections() {
            return resources[Kind.CONNECTIONS.ordinal()];
        }

        @Override
        public Resource pendingRequests() {
            return resources[Kind.PENDING.ordinal()];
        }

        @Override
        public Resource requests() {
            return resources[Kind.REQUESTS.ordinal()];
        }

        @Override
        public Resource retries() {
            return resources[Kind.RETRIES.ordinal()];
        }

        @Override
        public Resource connectionPools() {
            return resources[Kind.POOLS.ordinal()];
        }
    }

    private record WorkerResource(Counted counted, int worker) implements CircuitBreaker.Resource {
        @Override
        public boolean canCreate() {
            return counted.canCreate();
        }

        @Override
        public void inc() {
            counted.add(worker, 1);
        }

        @Override
        public void dec() {
            counted.add(worker, -1);
        }

        @Override
        public long count() {
            return counted.count();
        }

        @Override
        public long max() {
            return counted.max();
        }
    }
}

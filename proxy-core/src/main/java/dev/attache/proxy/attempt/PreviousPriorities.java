package dev.attache.proxy.attempt;

import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.upstream.host.Host;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.retry_priorities.previous_priorities}: further attempts of one request leave out the
 * levels that attempts were at, until none is left. Owned by the request; loop-confined. The
 * arithmetic, integer rounding included, is Envoy's.
 */
public final class PreviousPriorities {

    private final int updateFrequency;
    private @Nullable Host[] attempts = new @Nullable Host[2];
    private int count;
    private boolean[] excluded = new boolean[0];
    private int[] loads = new int[0];
    private int[] degradedLoads = new int[0];

    private PreviousPriorities(int updateFrequency) {
        this.updateFrequency = updateFrequency;
    }

    /** Null where the policy does not ask for it. */
    public static @Nullable PreviousPriorities of(@Nullable RetryPolicy policy) {
        return policy == null || policy.priorityUpdateFrequency() == 0
                ? null
                : new PreviousPriorities(policy.priorityUpdateFrequency());
    }

    public void attempted(Host host) {
        if (count == attempts.length) {
            attempts = Arrays.copyOf(attempts, 2 * count);
        }
        attempts[count++] = host;
    }

    /**
     * Puts the shares of this attempt into {@code shares} and {@code degradedShares}.
     *
     * @param health of each level's healthy hosts, in percent, overprovisioned
     * @param degradedHealth the same of degraded hosts
     * @param levels at which of the levels a host is, -1 = at none of them any more
     * @return false where they are to stay as they are
     */
    public boolean adjust(
            int[] shares,
            int[] degradedShares,
            int[] health,
            int[] degradedHealth,
            ToIntFunction<Host> levels) {
        if (count < updateFrequency) {
            return false;
        }
        if ((count % updateFrequency == 0 || loads.length != shares.length)
                && !update(health, degradedHealth, levels)) {
            return false;
        }
        System.arraycopy(loads, 0, shares, 0, shares.length);
        System.arraycopy(degradedLoads, 0, degradedShares, 0, shares.length);
        return true;
    }

    private boolean update(int[] health, int[] degradedHealth, ToIntFunction<Host> levels) {
        excluded = Arrays.copyOf(excluded, Math.max(excluded.length, health.length));
        for (int i = 0; i < count; i++) {
            Host host = attempts[i];
            int level = host == null ? -1 : levels.applyAsInt(host);
            if (level >= 0 && level < excluded.length) {
                excluded[level] = true;
            }
        }
        int availability = availability(health, degradedHealth);
        if (availability == 0) {
            // All have been tried: from the beginning.
            Arrays.fill(excluded, false);
            count = 0;
            availability = availability(health, degradedHealth);
        }
        if (availability == 0) {
            return false;
        }
        loads = new int[health.length];
        degradedLoads = new int[health.length];
        int left = 100;
        while (left > 0) {
            // More than one round shares out what rounding leaves.
            left = assign(loads, health, left, availability);
            left = assign(degradedLoads, degradedHealth, left, availability);
        }
        return true;
    }

    private int availability(int[] health, int[] degradedHealth) {
        int sum = 0;
        for (int i = 0; i < health.length; i++) {
            sum += excluded[i] ? 0 : health[i] + degradedHealth[i];
        }
        return Math.min(sum, 100);
    }

    private int assign(int[] to, int[] health, int left, int availability) {
        int rest = left;
        for (int i = 0; i < to.length; i++) {
            int share = excluded[i] ? 0 : Math.min(rest, health[i] * 100 / availability);
            to[i] += share;
            rest -= share;
        }
        return rest;
    }
}

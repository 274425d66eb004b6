package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.List;

/**
 * What share of requests each priority level gets, and which levels disregard health. Made per
 * {@link HostSet}; the arithmetic, integer rounding included, is Envoy's ("Priority levels",
 * "Degraded endpoints", "Panic threshold" of its load balancing pages). The arrays are not to be
 * written.
 */
public final class PriorityLoads {

    /** Percent per level to healthy hosts; with {@link #degraded} they add up to 100. */
    public final int[] healthy;

    /** Percent per level to degraded hosts. */
    public final int[] degraded;

    /** How much of each level is healthy, in percent, overprovisioned. */
    public final int[] health;

    /** The same for degraded hosts. */
    public final int[] degradedHealth;

    /** Levels that use every host. */
    final boolean[] panic;

    private PriorityLoads(int levels) {
        healthy = new int[levels];
        degraded = new int[levels];
        health = new int[levels];
        degradedHealth = new int[levels];
        panic = new boolean[levels];
    }

    /**
     * @param panicThreshold percent, fractions cut off as Envoy does
     */
    public static PriorityLoads of(HostSet hosts, double panicThreshold) {
        List<PriorityHosts> levels = hosts.priorities();
        PriorityLoads loads = new PriorityLoads(levels.size());
        int[] health = loads.health;
        int[] degradedHealth = loads.degradedHealth;
        int total = 0;
        for (int i = 0; i < health.length; i++) {
            measure(levels.get(i), i, health, degradedHealth);
            total += health[i] + degradedHealth[i];
        }
        int availability = Math.min(100, total);
        if (availability > 0) {
            loads.distribute(health, degradedHealth, availability);
        }
        loads.decidePanic(levels, availability, (int) Math.min(100, panicThreshold));
        return loads;
    }

    private static void measure(PriorityHosts level, int i, int[] health, int[] degradedHealth) {
        long count = level.hosts().size() - level.excluded();
        if (count <= 0) {
            return;
        }
        long healthy = level.healthy().size();
        long degraded = level.degraded().size();
        if (level.weightedPriorityHealth()) {
            healthy = weight(level.healthy(), false);
            degraded = weight(level.degraded(), false);
            count = weight(level.hosts(), true);
        }
        long factor = level.overprovisioningFactor();
        health[i] = (int) Math.min(100, factor * healthy / count);
        degradedHealth[i] = (int) Math.min(100, factor * degraded / count);
    }

    private static long weight(List<Host> hosts, boolean withoutExcluded) {
        long sum = 0;
        for (Host host : hosts) {
            sum += withoutExcluded && host.excluded() ? 0 : host.weight();
        }
        return sum;
    }

    private void distribute(int[] health, int[] degradedHealth, int availability) {
        int left = assign(healthy, health, 100, availability);
        left = assign(degraded, degradedHealth, left, availability);
        // What is left is rounding; it goes to the first level that has anything.
        int first = firstPositive(health);
        if (first >= 0) {
            healthy[first] += left;
        } else {
            degraded[firstPositive(degradedHealth)] += left;
        }
    }

    private static int assign(int[] loads, int[] health, int toAssign, int availability) {
        int left = toAssign;
        for (int i = 0; i < loads.length; i++) {
            loads[i] = Math.min(left, health[i] * 100 / availability);
            left -= loads[i];
        }
        return left;
    }

    private static int firstPositive(int[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0) {
                return i;
            }
        }
        return -1;
    }

    private void decidePanic(List<PriorityHosts> levels, int availability, int threshold) {
        if (levels.isEmpty()) {
            return;
        }
        if (threshold == 0 && availability == 0) {
            healthy[0] = 100;
            return;
        }
        boolean everywhere = true;
        for (int i = 0; i < panic.length; i++) {
            panic[i] = availability != 100 && inPanic(levels.get(i), threshold);
            everywhere &= panic[i];
        }
        if (everywhere) {
            distributeByNumber(levels);
        }
    }

    /** Fewer usable hosts than the threshold; also asked of the local cluster. */
    static boolean inPanic(PriorityHosts level, double threshold) {
        int count = level.hosts().size() - level.excluded();
        double usable =
                count == 0 ? 0 : 100.0 * (level.healthy().size() + level.degraded().size()) / count;
        return usable < threshold;
    }

    /** Total panic: as many requests as there are hosts, whatever their health. */
    private void distributeByNumber(List<PriorityHosts> levels) {
        int total = 0;
        for (PriorityHosts level : levels) {
            total += level.hosts().size();
        }
        if (total == 0) {
            healthy[0] = 100;
            return;
        }
        int left = 100;
        int first = -1;
        for (int i = 0; i < healthy.length; i++) {
            int count = levels.get(i).hosts().size();
            if (first < 0 && count > 0) {
                first = i;
            }
            healthy[i] = 100 * count / total;
            degraded[i] = 0;
            left -= healthy[i];
        }
        healthy[first] += left;
    }

    /**
     * Which level a request goes to.
     *
     * @return the level for its healthy hosts, or {@code -1 - level} for its degraded ones
     */
    public static int choose(long hash, int[] healthyLoads, int[] degradedLoads) {
        long mark = Long.remainderUnsigned(hash, 100) + 1;
        int sum = 0;
        for (int i = 0; i < healthyLoads.length; i++) {
            sum += healthyLoads[i];
            if (mark <= sum) {
                return i;
            }
        }
        for (int i = 0; i < degradedLoads.length; i++) {
            sum += degradedLoads[i];
            if (mark <= sum) {
                return -1 - i;
            }
        }
        return 0;
    }
}

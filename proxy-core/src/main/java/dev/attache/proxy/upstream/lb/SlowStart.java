package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.concurrent.TimeUnit;

/**
 * {@code SlowStartConfig}: a new host's weight grows with its age.
 *
 * @param windowMillis 0 = off
 * @param aggression 1 = linear
 * @param minWeightPercent 10
 */
public record SlowStart(long windowMillis, double aggression, double minWeightPercent) {
    public static final SlowStart OFF = new SlowStart(0, 1, 10);

    /** {@code weight} as far as the host's age allows it. */
    double apply(double weight, Host host, long nowNanos) {
        if (windowMillis == 0 || !host.healthy()) {
            return weight;
        }
        long age = TimeUnit.NANOSECONDS.toMillis(nowNanos - host.usableSinceNanos());
        if (age >= windowMillis) {
            return weight;
        }
        double share = (double) Math.max(1, age) / windowMillis;
        double grown = aggression == 1 ? share : Math.pow(share, 1 / aggression);
        return weight * Math.max(grown, minWeightPercent / 100);
    }

    /** Some host is still young. */
    boolean concerns(HostSet hosts, long nowNanos) {
        if (windowMillis == 0) {
            return false;
        }
        for (PriorityHosts level : hosts.priorities()) {
            for (Host host : level.healthy()) {
                long age = TimeUnit.NANOSECONDS.toMillis(nowNanos - host.usableSinceNanos());
                if (age <= windowMillis) {
                    return true;
                }
            }
        }
        return false;
    }
}

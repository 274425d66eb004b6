package dev.attache.proxy.upstream.health;

import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.HealthFlags;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Host.Flag;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What several health checkers make of a host together. Each keeps flags of its own; the host has a
 * flag as soon as one of them has it, so it is healthy when all find it so. Until each has checked
 * a host once, the host stays as it was and nobody hears anything. Main thread.
 */
final class JointVerdicts {

    private static final List<Flag> FLAGS =
            List.of(
                    Flag.FAILED_ACTIVE_HC,
                    Flag.DEGRADED_ACTIVE_HC,
                    Flag.PENDING_ACTIVE_HC,
                    Flag.ACTIVE_HC_TIMEOUT,
                    Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL);

    private final int checkers;
    private final CheckListener listener;
    private final Gauge healthy;
    private final Gauge degraded;
    private final Map<Host, Verdict> verdicts = new LinkedHashMap<>();

    /**
     * @param cluster {@code cluster.<name>.}
     * @param listener hears of a check what all say now
     */
    JointVerdicts(int checkers, Scope cluster, CheckListener listener) {
        this.checkers = checkers;
        this.listener = listener;
        this.healthy = cluster.gauge("health_check.healthy");
        this.degraded = cluster.gauge("health_check.degraded");
    }

    /** Before the checkers hear of the members. */
    void begin(HostSet next) {
        for (Host host : next.hosts()) {
            verdict(host);
        }
    }

    /** After the checkers have let go of those that are no members any more. */
    void keep(HostSet next) {
        Set<Host> members = new HashSet<>(next.hosts());
        for (Verdict each : List.copyOf(verdicts.values())) {
            if (!members.contains(each.host)) {
                verdicts.remove(each.host);
                each.count(false, false);
            }
        }
    }

    HealthFlags flags(int checker, Host host) {
        return verdict(host).of.get(checker);
    }

    private Verdict verdict(Host host) {
        Verdict known = verdicts.get(host);
        if (known == null) {
            known = new Verdict(host);
            verdicts.put(host, known);
        }
        return known;
    }

    /** A checker has checked a host, or never will because the host has gone. */
    void onChecked(int checker, Host host) {
        @Nullable Verdict verdict = verdicts.get(host);
        if (verdict == null || !verdict.isComplete(checker)) {
            return;
        }
        boolean changed = verdict.apply();
        listener.onChecked(host, changed, !host.has(Flag.FAILED_ACTIVE_HC));
    }

    /** Of one host. */
    private final class Verdict {

        private final Host host;
        private final List<OwnFlags> of = new ArrayList<>();
        private int checkedOnce;
        private boolean countedHealthy;
        private boolean countedDegraded;

        Verdict(Host host) {
            this.host = host;
            for (int i = 0; i < checkers; i++) {
                of.add(new OwnFlags(host));
            }
            count(!host.has(Flag.FAILED_ACTIVE_HC), host.has(Flag.DEGRADED_ACTIVE_HC));
        }

        /** Whether, with this check, every checker has looked at the host. */
        boolean isComplete(int checker) {
            checkedOnce |= 1 << checker;
            return Integer.bitCount(checkedOnce) == checkers;
        }

        /** Whether flags that decide about the host's use are others now. */
        boolean apply() {
            boolean changed = false;
            for (Flag flag : FLAGS) {
                boolean said = isSaid(flag);
                if (said != host.has(flag)) {
                    host.set(flag, said);
                    changed |= decides(flag);
                }
            }
            count(!host.has(Flag.FAILED_ACTIVE_HC), host.has(Flag.DEGRADED_ACTIVE_HC));
            return changed;
        }

        private boolean isSaid(Flag flag) {
            for (OwnFlags each : of) {
                if (each.has(flag)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean decides(Flag flag) {
            return flag == Flag.FAILED_ACTIVE_HC
                    || flag == Flag.DEGRADED_ACTIVE_HC
                    || flag == Flag.PENDING_ACTIVE_HC;
        }

        void count(boolean nowHealthy, boolean nowDegraded) {
            healthy.add((nowHealthy ? 1 : 0) - (countedHealthy ? 1 : 0));
            degraded.add((nowDegraded ? 1 : 0) - (countedDegraded ? 1 : 0));
            countedHealthy = nowHealthy;
            countedDegraded = nowDegraded;
        }
    }

    /** What one checker thinks of a host: at first what is known of it. */
    private static final class OwnFlags implements HealthFlags {

        private final Set<Flag> set = EnumSet.noneOf(Flag.class);

        OwnFlags(Host host) {
            for (Flag flag : FLAGS) {
                set(flag, host.has(flag));
            }
        }

        @Override
        public boolean has(Flag flag) {
            return set.contains(flag);
        }

        @Override
        public void set(Flag flag, boolean on) {
            if (on) {
                set.add(flag);
            } else {
                set.remove(flag);
            }
        }
    }
}

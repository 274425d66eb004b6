package dev.attache.proxy.upstream.health;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The active health checks of one cluster. One checker says what a host is by itself; where there
 * are several, they say it {@linkplain JointVerdicts together}. Owned by the cluster; main thread.
 */
public final class HealthCheckers {

    private final List<HealthChecker> checkers;
    private final @Nullable JointVerdicts verdicts;

    /**
     * @param checks at least one
     * @param cluster {@code cluster.<name>.}
     */
    public HealthCheckers(List<CheckedCluster> checks, Scope cluster, CheckListener listener) {
        if (checks.size() == 1) {
            this.verdicts = null;
            this.checkers = List.of(new HealthChecker(checks.getFirst(), listener, host -> host));
            return;
        }
        JointVerdicts joint = new JointVerdicts(checks.size(), cluster, listener);
        this.verdicts = joint;
        List<HealthChecker> each = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            int at = i;
            each.add(
                    new HealthChecker(
                            checks.get(i),
                            (host, changed, passed) -> joint.onChecked(at, host),
                            host -> joint.flags(at, host)));
        }
        this.checkers = List.copyOf(each);
    }

    /** The members now: new ones are checked from now on, those that left no more. */
    public void hosts(HostSet next) {
        if (verdicts != null) {
            verdicts.begin(next);
        }
        for (HealthChecker each : checkers) {
            each.hosts(next);
        }
        if (verdicts != null) {
            verdicts.keep(next);
        }
    }

    /** Hosts that some checker has not checked yet. */
    public Set<Host> unchecked() {
        Set<Host> waiting = new HashSet<>();
        for (HealthChecker each : checkers) {
            waiting.addAll(each.unchecked());
        }
        return waiting;
    }

    /** No more checks; flags stay as they are. */
    public void close() {
        for (HealthChecker each : checkers) {
            each.close();
        }
        if (verdicts != null) {
            verdicts.keep(HostSet.EMPTY);
        }
    }
}

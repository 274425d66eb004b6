package dev.attache.filters.http.fault;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.Map;

/** {@code http.<stat_prefix>.fault.*} of one worker. Loop-confined. */
final class FaultStats {
    final Cell abortsInjected;
    final Cell delaysInjected;
    final Cell faultsOverflow;
    final Cell responseRlInjected;
    private final Gauge activeFaults;
    private final Cell active;
    private final Scope scope;
    private final int worker;
    private final Map<String, Cell> byOrigin = new HashMap<>();

    FaultStats(Scope http, int worker) {
        this.scope = http.scope("fault.");
        this.worker = worker;
        this.abortsInjected = scope.counter("aborts_injected").cell(worker);
        this.delaysInjected = scope.counter("delays_injected").cell(worker);
        this.faultsOverflow = scope.counter("faults_overflow").cell(worker);
        this.responseRlInjected = scope.counter("response_rl_injected").cell(worker);
        this.activeFaults = scope.gauge("active_faults");
        this.active = activeFaults.cell(worker);
    }

    /** Over all workers; others may overshoot a limit meanwhile, as in Envoy. */
    long activeFaults() {
        return activeFaults.value();
    }

    void active(int delta) {
        active.add(delta);
    }

    void ofOrigin(String origin, String what) {
        byOrigin.computeIfAbsent(
                        origin + "." + what, name -> scope.scope("").counter(name).cell(worker))
                .inc();
    }
}

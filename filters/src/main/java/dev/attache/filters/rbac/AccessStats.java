package dev.attache.filters.rbac;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.Map;

/** {@code …rbac.} of one filter on one worker. Loop-confined. */
public final class AccessStats {

    private final Counts enforced;
    private final Counts shadow;

    /**
     * @param scope {@code …rbac.}
     * @param rulesPrefix {@code rules_stat_prefix}
     * @param shadowPrefix {@code shadow_rules_stat_prefix}
     * @param worker index
     */
    public AccessStats(Scope scope, String rulesPrefix, String shadowPrefix, int worker) {
        this.enforced = new Counts(prefixed(scope, rulesPrefix), "", worker);
        this.shadow = new Counts(prefixed(scope, shadowPrefix), "shadow_", worker);
    }

    private static Scope prefixed(Scope scope, String prefix) {
        return prefix.isEmpty() ? scope : scope.scope(prefix.endsWith(".") ? prefix : prefix + ".");
    }

    /**
     * @param perPolicy {@code track_per_rule_stats}
     */
    public void count(Verdict verdict, boolean perPolicy) {
        Counts counts = verdict.mode() == Verdict.Mode.SHADOW ? shadow : enforced;
        (verdict.allowed() ? counts.allowed : counts.denied).inc();
        if (perPolicy && !verdict.policy().isEmpty()) {
            counts.ofPolicy(verdict).inc();
        }
    }

    /** What is counted of one engine. */
    private static final class Counts {
        final Cell allowed;
        final Cell denied;
        private final Scope policies;
        private final String outcome;
        private final int worker;

        /** Made as policies are met, as in Envoy. */
        private final Map<String, Cell> allowedByPolicy = new HashMap<>();

        private final Map<String, Cell> deniedByPolicy = new HashMap<>();

        Counts(Scope scope, String outcome, int worker) {
            this.allowed = scope.counter(outcome + "allowed").cell(worker);
            this.denied = scope.counter(outcome + "denied").cell(worker);
            this.policies = scope.scope("policy.");
            this.outcome = outcome;
            this.worker = worker;
        }

        Cell ofPolicy(Verdict verdict) {
            Map<String, Cell> known = verdict.allowed() ? allowedByPolicy : deniedByPolicy;
            Cell cell = known.get(verdict.policy());
            if (cell == null) {
                cell =
                        policies.counter(
                                        verdict.policy()
                                                + "."
                                                + outcome
                                                + (verdict.allowed() ? "allowed" : "denied"))
                                .cell(worker);
                known.put(verdict.policy(), cell);
            }
            return cell;
        }
    }
}

package dev.attache.filters.rbac;

import java.util.List;

/** {@code rules}: the first policy that is met, in the order of their names. */
final class RulesEngine extends AccessEngine {

    private final Policy[] policies;
    private final PolicyIndex index;
    private final Verdict otherwise;

    /**
     * @param policies in order
     * @param otherwise where none is met
     */
    RulesEngine(List<Policy> policies, Verdict otherwise) {
        this.policies = policies.toArray(new Policy[0]);
        this.index = new PolicyIndex(this.policies);
        this.otherwise = otherwise;
    }

    @Override
    Verdict look(Facts facts) {
        int first = index.first(facts);
        return first < policies.length ? policies[first].verdict() : otherwise;
    }
}

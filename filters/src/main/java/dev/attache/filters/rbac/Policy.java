package dev.attache.filters.rbac;

import java.util.List;

/**
 * One policy. Immutable.
 *
 * @param condition permissions, principals and the condition together
 * @param verdict where it is met
 */
record Policy(Combination.All condition, Verdict verdict) {

    boolean isMet(Facts facts) {
        return condition.holds(facts);
    }

    List<List<Anchor>> anchors() {
        return condition.anchors();
    }
}

package dev.attache.iptables.model;

import java.util.Set;

/**
 * A rule with its place and meaning. Two rules are the same if {@link #sameAs} says so, however
 * they were spelt.
 *
 * @param table its table
 * @param chain its chain
 * @param conditions all must hold; without order
 * @param action what happens then
 * @param text the rule as it was written, for people
 */
public record ReadRule(
        String table, String chain, Set<Condition> conditions, Action action, String text) {
    /** Same place and meaning. */
    public boolean sameAs(ReadRule other) {
        return table.equals(other.table)
                && chain.equals(other.chain)
                && action.equals(other.action)
                && conditions.equals(other.conditions);
    }

    /** False if some of it was not understood. */
    public boolean understood() {
        if (action instanceof Action.Unreadable) {
            return false;
        }
        for (Condition condition : conditions) {
            if (condition instanceof Condition.Unreadable) {
                return false;
            }
        }
        return true;
    }
}

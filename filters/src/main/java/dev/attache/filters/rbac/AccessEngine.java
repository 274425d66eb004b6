package dev.attache.filters.rbac;

import java.util.Objects;

/** Decides on access: {@code rules} or {@code matcher}, enforced or not. Immutable, any thread. */
public abstract class AccessEngine {

    AccessEngine() {}

    /**
     * The verdict on a request or a connection.
     *
     * <p>Methods are told apart by case, but many servers do not: a request whose method has small
     * letters is also looked at with capital ones, and passes only where both ways of writing it
     * may.
     */
    public final Verdict decide(Facts facts) {
        Verdict verdict = eitherWay(facts);
        RbacLog.decided(verdict);
        return verdict;
    }

    private Verdict eitherWay(Facts facts) {
        Verdict verdict = look(facts);
        Facts capitals = verdict.allowed() ? facts.inCapitals() : null;
        if (capitals == null) {
            return verdict;
        }
        Verdict other = look(capitals);
        boolean counts = !other.allowed() || Objects.equals(other.logHint(), true);
        return counts ? other : verdict;
    }

    abstract Verdict look(Facts facts);
}

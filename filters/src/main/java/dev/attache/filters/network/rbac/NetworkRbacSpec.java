package dev.attache.filters.network.rbac;

import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessStats;
import dev.attache.filters.rbac.Facts;
import dev.attache.filters.rbac.Verdict;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The filter as configured. Immutable.
 *
 * @param enforced null = all pass
 * @param shadow null = none
 * @param continuous decides each time that bytes come, not once
 * @param delayMillis how long a connection that is turned away stays open
 */
record NetworkRbacSpec(
        String statPrefix,
        String shadowPrefix,
        @Nullable AccessEngine enforced,
        @Nullable AccessEngine shadow,
        boolean continuous,
        long delayMillis)
        implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        String prefix = statPrefix.endsWith(".") ? statPrefix : statPrefix + ".";
        AccessStats stats =
                new AccessStats(
                        context.ownScope(prefix + "rbac."),
                        "",
                        shadowPrefix,
                        context.worker().index());
        return new Opened(this, stats);
    }

    private record Opened(NetworkRbacSpec spec, AccessStats stats) implements NetworkFilterFactory {
        @Override
        public NetworkFilter newFilter(Connection connection) {
            return new NetworkRbacFilter(spec, stats, connection);
        }

        @Override
        public void explain(ConnectionInfo connection, Question question, Explanation into) {
            spec.explain(connection, into);
        }
    }

    private void explain(ConnectionInfo connection, Explanation into) {
        Facts facts = Facts.ofConnection(connection);
        if (shadow != null) {
            into.part("shadow").say("policy", policy(shadow.decide(facts)));
        }
        if (enforced == null) {
            into.say("would", "allow: it has no rules");
            return;
        }
        Verdict verdict = enforced.decide(facts);
        into.say("would", verdict.allowed() ? "allow" : "deny").say("policy", policy(verdict));
        if (!verdict.allowed()) {
            into.say("closes", verdict.details());
        }
    }

    private static String policy(Verdict verdict) {
        return verdict.policy().isEmpty() ? "none matches" : verdict.policy();
    }
}

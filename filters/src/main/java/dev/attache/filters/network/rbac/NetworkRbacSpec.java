package dev.attache.filters.network.rbac;

import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessStats;
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
        return connection -> new NetworkRbacFilter(this, stats, connection);
    }
}

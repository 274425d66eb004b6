package dev.attache.filters.http.rbac;

import dev.attache.filters.rbac.AccessStats;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/**
 * The filter as configured. Immutable.
 *
 * @param rulesPrefix of statistics, those of routes included, and of metadata where routes have
 *     none of their own
 * @param shadowPrefix the same of shadow rules
 */
record RbacSpec(RbacSettings settings, String rulesPrefix, String shadowPrefix)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        RbacFilter filter =
                new RbacFilter(
                        settings,
                        rulesPrefix,
                        shadowPrefix,
                        new AccessStats(
                                scope.stats().scope("rbac."),
                                rulesPrefix,
                                shadowPrefix,
                                scope.worker().index()));
        return () -> filter;
    }
}

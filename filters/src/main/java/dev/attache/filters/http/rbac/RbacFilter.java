package dev.attache.filters.http.rbac;

import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessStats;
import dev.attache.filters.rbac.Facts;
import dev.attache.filters.rbac.RbacLog;
import dev.attache.filters.rbac.Verdict;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;

/** Decides on each request once its head is there. One for a worker and chain; loop-confined. */
final class RbacFilter implements HttpFilter {

    private static final String METADATA = "envoy.filters.http.rbac";
    private static final int FORBIDDEN = 403;

    private final RbacSettings settings;
    private final String rulesPrefix;
    private final String shadowPrefix;
    private final AccessStats stats;

    RbacFilter(RbacSettings settings, String rulesPrefix, String shadowPrefix, AccessStats stats) {
        this.settings = settings;
        this.rulesPrefix = rulesPrefix;
        this.shadowPrefix = shadowPrefix;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        RbacSettings ofRoute = context.override(RbacSettings.class);
        RbacSettings own = ofRoute != null ? ofRoute : settings;
        AccessEngine shadow = own.shadow();
        AccessEngine enforced = own.enforced();
        if (shadow == null && enforced == null) {
            return Step.CONTINUE;
        }
        Facts facts = Facts.ofRequest(headers, context);
        RbacLog.checking(facts);
        if (shadow != null) {
            tell(shadow.decide(facts), shadowPrefix, own, facts);
        }
        if (enforced == null) {
            RbacLog.noEngine();
            return Step.CONTINUE;
        }
        Verdict verdict = enforced.decide(facts);
        tell(verdict, rulesPrefix, own, facts);
        return verdict.allowed()
                ? Step.CONTINUE
                : context.respond(
                        LocalReply.of(FORBIDDEN, "RBAC: access denied", verdict.details()));
    }

    private void tell(Verdict verdict, String prefix, RbacSettings own, Facts facts) {
        verdict.hint(facts.dynamicMetadata());
        facts.dynamicMetadata().merge(METADATA, verdict.told(prefix));
        stats.count(verdict, own.perPolicy());
    }
}

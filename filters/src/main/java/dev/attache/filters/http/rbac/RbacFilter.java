package dev.attache.filters.http.rbac;

import dev.attache.filters.rbac.AccessEngine;
import dev.attache.filters.rbac.AccessStats;
import dev.attache.filters.rbac.Facts;
import dev.attache.filters.rbac.RbacLog;
import dev.attache.filters.rbac.Verdict;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
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

    /** By the same engines; nothing is counted, and verdicts are told as to later filters. */
    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        RbacSettings ofRoute = stream.override(RbacSettings.class);
        RbacSettings own = ofRoute != null ? ofRoute : settings;
        Facts facts = Facts.ofRequest(stream.headers(), stream.info(), stream.route());
        AccessEngine shadow = own.shadow();
        if (shadow != null) {
            explain(shadow.decide(facts), shadowPrefix, facts, into.part("shadow"));
        }
        AccessEngine enforced = own.enforced();
        if (enforced == null) {
            into.say(ExplainedStream.WOULD, "allow: it has no rules");
            return;
        }
        Verdict verdict = enforced.decide(facts);
        explain(verdict, rulesPrefix, facts, into);
        if (!verdict.allowed()) {
            stream.answers(FORBIDDEN, verdict.details());
        }
    }

    private static void explain(Verdict verdict, String prefix, Facts facts, Explanation into) {
        verdict.hint(facts.dynamicMetadata());
        facts.dynamicMetadata().merge(METADATA, verdict.told(prefix));
        into.say(ExplainedStream.WOULD, verdict.allowed() ? "allow" : "deny")
                .say("policy", verdict.policy().isEmpty() ? "none matches" : verdict.policy());
    }
}

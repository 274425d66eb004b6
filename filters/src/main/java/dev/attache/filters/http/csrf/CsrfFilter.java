package dev.attache.filters.http.csrf;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.worker.WorkerContext;

/** One request: if it changes something, it goes on from an origin that may send it. */
final class CsrfFilter implements HttpFilter {
    private static final String DETAILS = "csrf_origin_mismatch";
    private static final int FORBIDDEN = 403;
    private static final LocalReply REFUSAL = LocalReply.of(FORBIDDEN, "Invalid origin", DETAILS);

    private final CsrfPolicySpec ofFilter;
    private final CsrfFilterSpec.Stats stats;
    private final WorkerContext worker;

    CsrfFilter(CsrfPolicySpec ofFilter, CsrfFilterSpec.Stats stats, WorkerContext worker) {
        this.ofFilter = ofFilter;
        this.stats = stats;
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        CsrfPolicySpec ofRoute = context.override(CsrfPolicySpec.class);
        CsrfPolicySpec policy = ofRoute != null ? ofRoute : ofFilter;
        boolean enabled = policy.enabled().includes(worker.random());
        if (!enabled && !policy.shadow().includes(worker.random()) || !changes(headers)) {
            return Step.CONTINUE;
        }
        String source = Origin.source(headers);
        if (source.isEmpty()) {
            stats.missing().inc();
        } else if (policy.allows(source, Origin.target(headers))) {
            stats.valid().inc();
            return Step.CONTINUE;
        } else {
            stats.invalid().inc();
        }
        return enabled ? context.respond(REFUSAL) : Step.CONTINUE;
    }

    private static boolean changes(Headers request) {
        return switch (request.getOr(HeaderName.METHOD, "")) {
            case "POST", "PUT", "DELETE", "PATCH" -> true;
            default -> false;
        };
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        CsrfPolicySpec ofRoute = stream.override(CsrfPolicySpec.class);
        CsrfPolicySpec policy = ofRoute != null ? ofRoute : ofFilter;
        String source = Origin.source(stream.headers());
        into.say("enabled_share", policy.enabled().toString())
                .say("shadow_share", policy.shadow().toString())
                .say("source", source);
        if (!changes(stream.headers())) {
            into.say(ExplainedStream.WOULD, "pass: the method changes nothing");
        } else if (!source.isEmpty() && policy.allows(source, Origin.target(stream.headers()))) {
            into.say(ExplainedStream.WOULD, "pass: the origin may send it");
        } else {
            into.say(ExplainedStream.WOULD, "deny the origin, where the policy is enabled");
            if (policy.enabled().includes(0) && policy.enabled().includes(-1)) {
                stream.answers(FORBIDDEN, DETAILS);
            }
        }
    }
}

package dev.attache.filters.http.health_check;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.tracing.StreamTrace;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One request: answered if it is a health check, once all of it is there, or passed on. */
final class HealthCheckFilter implements HttpFilter {
    private static final String CACHED = "health_check_cached";

    private final HealthCheckFilterSpec spec;
    private final HttpFilterScope scope;
    private final HealthCheckStats stats;
    private boolean healthCheck;

    /** Answered here, and its body is of no interest. */
    private boolean handling;

    /** What the cache said when the request came, and stays said while its body comes. */
    private AnswerCache.@Nullable Answer found;

    HealthCheckFilter(HealthCheckFilterSpec spec, HttpFilterScope scope, HealthCheckStats stats) {
        this.spec = spec;
        this.scope = scope;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (!HeaderMatcher.all(spec.headers(), headers)) {
            return Step.CONTINUE;
        }
        healthCheck = true;
        context.info().healthCheck = true;
        StreamTrace trace = context.trace();
        if (trace != null) {
            trace.span().sampled(false);
        }
        found = cached();
        handling = !spec.passThrough() || failed() || found != null;
        return handling ? handle(end, context) : Step.CONTINUE;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return handling ? handle(end, context) : Step.CONTINUE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        return handling ? handle(true, context) : Step.CONTINUE;
    }

    private Step handle(boolean end, FilterContext context) {
        return end ? answer(context) : Step.DONE;
    }

    private boolean failed() {
        return scope.worker().healthCheckFailed();
    }

    private AnswerCache.@Nullable Answer cached() {
        AnswerCache cache = spec.cache();
        return cache == null ? null : cache.current(scope.worker().nanoTime());
    }

    private Step answer(FilterContext context) {
        AnswerCache.Answer known = failed() ? null : found != null ? found : cached();
        if (known != null) {
            stats.cachedResponse().inc();
            return answer(known.status(), CACHED, known.degraded(), context);
        }
        HealthVerdict verdict = verdict();
        stats.count(verdict);
        return answer(verdict.status(), verdict.details(), false, context);
    }

    private HealthVerdict verdict() {
        if (failed()) {
            return HealthVerdict.FAILED;
        }
        return spec.minima().isEmpty()
                ? HealthVerdict.HEALTHY
                : ClusterMinimum.of(spec.minima(), scope.clusters());
    }

    private Step answer(int status, String details, boolean degraded, FilterContext context) {
        stats.answered(status);
        if (status < 200 || status >= 300) {
            context.info().flag(ResponseFlag.LH);
        }
        LocalReply reply = LocalReply.of(status, "", details);
        if (degraded) {
            stats.degraded().inc();
            reply = reply.with(HeaderName.X_ENVOY_DEGRADED, "");
        }
        return context.respond(reply);
    }

    /** Also called for our own answers: what those were is kept as well. */
    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (healthCheck) {
            AnswerCache cache = spec.cache();
            if (cache != null) {
                cache.put(
                        (int) headers.getLong(HeaderName.STATUS),
                        headers.contains(HeaderName.X_ENVOY_DEGRADED),
                        scope.worker().nanoTime());
            }
            headers.set(HeaderName.X_ENVOY_UPSTREAM_HEALTHCHECKED_CLUSTER, scope.nodeCluster());
        }
        if (failed()) {
            headers.set(HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL, "true");
        }
        return Step.CONTINUE;
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        if (!HeaderMatcher.all(spec.headers(), stream.headers())) {
            into.say(ExplainedStream.WOULD, "pass: it is no health check");
        } else if (spec.passThrough() && !failed() && cached() == null) {
            into.say(ExplainedStream.WOULD, "pass the health check on");
        } else {
            AnswerCache.Answer known = failed() ? null : cached();
            HealthVerdict verdict = verdict();
            int status = known != null ? known.status() : verdict.status();
            into.say(ExplainedStream.WOULD, "answer the health check with " + status);
            stream.answers(status, known != null ? CACHED : verdict.details());
        }
    }
}

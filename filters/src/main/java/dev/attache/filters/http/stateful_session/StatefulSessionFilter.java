package dev.attache.filters.http.stateful_session;

import dev.attache.filters.stateful_session.Session;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.OverrideHost;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.UpstreamInfo;
import org.jspecify.annotations.Nullable;

/** One request: asks for its session's host, and tells the client who it was in the end. */
final class StatefulSessionFilter implements HttpFilter {
    /** Of the filter: as in Envoy, what a route has in its place is not counted. */
    private @Nullable SessionStats stats;

    private StatefulSessionSpec spec;
    private @Nullable Session session;

    StatefulSessionFilter(StatefulSessionSpec spec, @Nullable SessionStats stats) {
        this.spec = spec;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        StatefulSessionOverride ofRoute = context.override(StatefulSessionOverride.class);
        if (ofRoute != null) {
            if (ofRoute.spec() == null) {
                return Step.CONTINUE;
            }
            spec = ofRoute.spec();
            stats = null;
        }
        SessionKind sessions = spec.sessions();
        Session begun =
                sessions == null
                        ? null
                        : sessions.begin(headers, System.currentTimeMillis() / 1000);
        session = begun;
        String wanted = begun == null ? null : begun.address();
        if (wanted != null) {
            context.info().overrideHost =
                    new OverrideHost(wanted, spec.strict(), spec.statusWithout());
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        Session known = session;
        if (known == null) {
            return Step.CONTINUE;
        }
        UpstreamInfo upstream = context.info().upstream();
        Address host = upstream == null ? null : upstream.host;
        if (host != null) {
            count(known.update(host.toString(), headers));
        } else if (spec.strict() && stats != null && isWithoutHost(context)) {
            stats.failedClosed.inc();
        }
        return Step.CONTINUE;
    }

    /** As in Envoy, also of requests without a session, which failed in nothing. */
    private void count(boolean changed) {
        if (stats == null) {
            return;
        }
        if (!changed) {
            stats.routed.inc();
        } else if (!spec.strict()) {
            stats.failedOpen.inc();
        }
    }

    private static boolean isWithoutHost(FilterContext context) {
        return context.info().hasFlag(ResponseFlag.UH);
    }
}

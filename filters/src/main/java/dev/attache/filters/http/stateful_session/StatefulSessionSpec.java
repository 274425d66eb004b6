package dev.attache.filters.http.stateful_session;

import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The filter as configured. Immutable.
 *
 * @param sessions null = there are none
 * @param strict a session's requests go to its host, or to nobody
 * @param statPrefix empty = nothing is counted
 * @param statusWithout of the answer where it is strict and the host is gone
 */
record StatefulSessionSpec(
        @Nullable SessionKind sessions, boolean strict, String statPrefix, int statusWithout)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        SessionStats stats =
                statPrefix.isEmpty()
                        ? null
                        : new SessionStats(
                                scope.stats().scope("stateful_session." + statPrefix + "."),
                                scope.worker().index());
        return () -> new StatefulSessionFilter(this, stats);
    }
}

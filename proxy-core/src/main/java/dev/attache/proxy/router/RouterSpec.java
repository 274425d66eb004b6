package dev.attache.proxy.router;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.extensions.filters.http.router.v3.Router}. Immutable.
 *
 * @param suppressEnvoyHeaders add no {@code x-envoy-*} headers
 * @param respectExpectedRqTimeout take {@code x-envoy-expected-rq-timeout-ms} as the timeout
 * @param upstreamLogs {@code upstream_log}: one entry per attempt
 * @param upstreamFilters {@code upstream_http_filters}, for clusters that have none; or null
 * @param startChildSpan {@code start_child_span}: as {@code spawn_upstream_span} of {@code tracing}
 */
public record RouterSpec(
        boolean suppressEnvoyHeaders,
        boolean respectExpectedRqTimeout,
        List<AccessLogSpec> upstreamLogs,
        @Nullable HttpFilterChain upstreamFilters,
        boolean startChildSpan)
        implements HttpFilterSpec {

    public static final RouterSpec DEFAULTS = new RouterSpec(false, false, List.of(), null, false);

    public RouterSpec {
        upstreamLogs = List.copyOf(upstreamLogs);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new RouterFactory(this, scope);
    }

    @Override
    public boolean terminal() {
        return true;
    }
}

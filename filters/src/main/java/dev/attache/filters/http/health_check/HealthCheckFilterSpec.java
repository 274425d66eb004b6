package dev.attache.filters.http.health_check;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are health checks, and who answers them. Immutable but for the cache.
 *
 * @param passThrough they are passed on while the proxy is healthy
 * @param headers all of these make a request one; without any, each is
 * @param minima what is asked of clusters where none is passed on
 * @param cache of what those answer to whom they are passed on; null = each is passed on
 */
record HealthCheckFilterSpec(
        boolean passThrough,
        List<HeaderMatcher> headers,
        List<ClusterMinimum> minima,
        @Nullable AnswerCache cache)
        implements HttpFilterSpec {

    HealthCheckFilterSpec {
        headers = List.copyOf(headers);
        minima = List.copyOf(minima);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        HealthCheckStats stats = HealthCheckStats.of(scope.stats(), scope.worker().index());
        return () -> new HealthCheckFilter(this, scope, stats);
    }
}

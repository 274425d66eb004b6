package dev.attache.filters.http.health_check;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The filter in the chain; routes have nothing to say about it. */
public final class HealthCheckFactory implements ExtensionCompiler<HealthCheck, HttpFilterSpec> {
    @Override
    public HealthCheck prototype() {
        return HealthCheck.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(HealthCheck proto, CompileContext context) {
        boolean passThrough = proto.getPassThroughMode().getValue();
        AnswerCache cache = cache(proto, passThrough, context);
        return context.result(
                new HealthCheckFilterSpec(
                        passThrough,
                        HeaderMatchers.compile(proto.getHeadersList(), "headers", context),
                        passThrough ? List.of() : minima(proto),
                        cache));
    }

    private static @Nullable AnswerCache cache(
            HealthCheck proto, boolean passThrough, CompileContext context) {
        long millis =
                Durations.millis(
                        proto.hasCacheTime(), proto.getCacheTime(), 0, context.at("cache_time"));
        if (millis <= 0) {
            return null;
        }
        if (!passThrough) {
            context.error(
                    "cache_time_ms must not be set when path_through_mode is disabled",
                    "only answers of others are kept: take cache_time away, or set"
                            + " pass_through_mode");
        }
        return new AnswerCache(millis * 1_000_000, System.nanoTime());
    }

    /** By name, so that it is the same one that is named whenever several fail. */
    private static List<ClusterMinimum> minima(HealthCheck proto) {
        List<ClusterMinimum> minima = new ArrayList<>();
        new TreeMap<>(proto.getClusterMinHealthyPercentagesMap())
                .forEach((cluster, percent) ->
                        minima.add(new ClusterMinimum(cluster, (long) percent.getValue())));
        return minima;
    }
}

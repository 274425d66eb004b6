package dev.attache.filters.http.grpc_stats;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import java.util.List;

/** gRPC statistics of whole clusters. */
public final class GrpcStatsFilterFactory
        implements ExtensionFactory<FilterConfig, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, FilterConfig.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.grpc_stats";
    }

    @Override
    public Class<FilterConfig> protoType() {
        return FilterConfig.class;
    }

    @Override
    public FilterConfig prototype() {
        return FilterConfig.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(FilterConfig proto, CompileContext context) {
        return context.result(new GrpcStatsSpec());
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(
                MessageSupport.of(FilterConfig.getDescriptor())
                        .noEffect("methods are not counted apart", "stats_for_all_methods")
                        .noEffect("no filter here reads that state", "emit_filter_state")
                        .noEffect("durations are not kept", "enable_upstream_stats")
                        .refused(
                                "statistics by method are not built yet",
                                "individual_method_stats_allowlist")
                        .noEffect(
                                "methods are not counted apart",
                                "replace_dots_in_grpc_service_name"));
    }
}

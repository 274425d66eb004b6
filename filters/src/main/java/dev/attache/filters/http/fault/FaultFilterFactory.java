package dev.attache.filters.http.fault;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import java.util.List;

/** Fault injection with nothing to inject. */
public final class FaultFilterFactory implements ExtensionFactory<HTTPFault, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, HTTPFault.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.fault";
    }

    @Override
    public Class<HTTPFault> protoType() {
        return HTTPFault.class;
    }

    @Override
    public HTTPFault prototype() {
        return HTTPFault.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(HTTPFault proto, CompileContext context) {
        return context.result(new FaultFilterSpec());
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(
                MessageSupport.of(HTTPFault.getDescriptor())
                        .refused("delays are not built yet", "delay")
                        .refused("aborts are not built yet", "abort")
                        .refused("rate limits are not built yet", "response_rate_limit")
                        .noEffect(
                                "there is nothing that it could narrow",
                                "upstream_cluster",
                                "headers",
                                "downstream_nodes",
                                "max_active_faults",
                                "delay_percent_runtime",
                                "abort_percent_runtime",
                                "delay_duration_runtime",
                                "abort_http_status_runtime",
                                "max_active_faults_runtime",
                                "response_rate_limit_percent_runtime",
                                "abort_grpc_status_runtime",
                                "disable_downstream_cluster_stats",
                                "filter_metadata"));
    }
}

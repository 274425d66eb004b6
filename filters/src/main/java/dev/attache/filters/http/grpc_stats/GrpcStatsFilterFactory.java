package dev.attache.filters.http.grpc_stats;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.grpc.GrpcMethod;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.config.core.v3.GrpcMethodList;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import java.util.HashSet;
import java.util.Set;

/** gRPC statistics by cluster and, where wanted, by method. */
public final class GrpcStatsFilterFactory
        implements ExtensionCompiler<FilterConfig, HttpFilterSpec> {
    @Override
    public FilterConfig prototype() {
        return FilterConfig.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(FilterConfig proto, CompileContext context) {
        return context.result(
                new GrpcStatsSpec(
                        proto.getStatsForAllMethods().getValue(),
                        methods(proto.getIndividualMethodStatsAllowlist()),
                        proto.getReplaceDotsInGrpcServiceName(),
                        proto.getEnableUpstreamStats(),
                        proto.getEmitFilterState()));
    }

    private static Set<GrpcMethod> methods(GrpcMethodList list) {
        Set<GrpcMethod> methods = new HashSet<>();
        for (GrpcMethodList.Service service : list.getServicesList()) {
            for (String method : service.getMethodNamesList()) {
                methods.add(new GrpcMethod(service.getName(), method));
            }
        }
        return methods;
    }
}

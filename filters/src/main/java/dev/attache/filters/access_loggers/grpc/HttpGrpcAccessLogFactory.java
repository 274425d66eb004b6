package dev.attache.filters.access_loggers.grpc;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.tracing.CustomTagCompiler;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import java.util.ArrayList;
import java.util.List;

/** Entries of HTTP streams, to a service. */
public final class HttpGrpcAccessLogFactory
        implements ExtensionCompiler<HttpGrpcAccessLogConfig, AccessLogSpec> {

    /** Of {@code StreamAccessLogsMessage}. */
    private static final int HTTP_LOGS = 2;

    @Override
    public HttpGrpcAccessLogConfig prototype() {
        return HttpGrpcAccessLogConfig.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(HttpGrpcAccessLogConfig proto, CompileContext context) {
        SharedSlot<GrpcLoggers> loggers =
                GrpcLogSettingsFactory.loggers(
                        proto.getCommonConfig(), HTTP_LOGS, context.at("common_config"));
        if (loggers == null) {
            return context.result(null);
        }
        HttpEntry form =
                new HttpEntry(
                        List.copyOf(proto.getCommonConfig().getFilterStateObjectsToLogList()),
                        CustomTagCompiler.compile(
                                proto.getCommonConfig().getCustomTagsList(),
                                context.at("common_config")),
                        names(proto.getAdditionalRequestHeadersToLogList()),
                        names(proto.getAdditionalResponseHeadersToLogList()),
                        names(proto.getAdditionalResponseTrailersToLogList()));
        return context.result(new GrpcAccessLogSpec(form, loggers));
    }

    /** Each once: they are keys of a map. */
    private static List<HeaderName> names(List<String> wanted) {
        List<HeaderName> names = new ArrayList<>(wanted.size());
        for (String text : wanted) {
            HeaderName name = HeaderName.of(text);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }
}
